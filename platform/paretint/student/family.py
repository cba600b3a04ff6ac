"""The students there are, by the parameters of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paretint.student.network import TinyBeauty
from paretint.student.release import Release

Student = TinyBeauty | Release


def build_student(architecture: Mapping[str, Any]) -> Student:
    """Return the untrained network of a recipe's `architecture`, made of PyTorch's random state.

    Raises ValueError where a parameter of `compact` is out of its range.
    """
    axes = dict(architecture)
    return Release() if axes.pop("network") == "release" else TinyBeauty(**axes)
