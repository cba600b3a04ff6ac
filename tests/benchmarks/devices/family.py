"""Students of the whole family, as files: what a search over it would meet."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from paretint.config.recipe import ARCHITECTURE
from paretint.export import export_onnx
from paretint.student import build_student

PLAIN: dict[str, Any] = {
    "network": "compact", "width": 16, "blocks": 4, "stem": 3, "decoder": "convolve-first",
    "norm": "none", "convolution": "dense", "downscale": 1,
}  # fmt: skip
PRECISIONS = ("fp32", "fp16", "int8")
SIZES = (128, 256)
_WIDTHS = (6, 8, 12, 16, 20, 24, 32, 40)
_CALIBRATION = 4


class Member(NamedTuple):
    """A student: its architecture, the precision of its file, and the side of its photos."""

    architecture: Mapping[str, Any]
    precision: str
    size: int

    @property
    def name(self) -> str:
        """Its network, what differs from the plain one, its precision and size."""
        odd = [f"{k} {v}" for k, v in self.architecture.items() if v != PLAIN[k] and k != "network"]
        words = [self.architecture["network"], *odd, self.precision, str(self.size)]
        return " ".join(words)


def member(precision: str = "fp32", size: int = 256, **axes: Any) -> Member:
    """Return the plain student but for what is given."""
    return Member(PLAIN | axes, precision, size)


def drawn(count: int, seed: int) -> list[Member]:
    """Return different students, every axis of each drawn at random, half of them of each size."""
    random_ = random.Random(seed)
    members: dict[str, Member] = {}
    while len(members) < count:
        axes = {name: random_.choice(_choices(name)) for name in PLAIN if name != "network"}
        one = member(random_.choice(PRECISIONS), SIZES[len(members) % len(SIZES)], **axes)
        members.setdefault(one.name, one)
    return list(members.values())


def _choices(axis: str) -> list[Any]:
    if axis == "width":
        return list(_WIDTHS)
    known = ARCHITECTURE[axis]
    return list(getattr(known, "values", None) or range(int(known.low), int(known.high) + 1))


def write(members: list[Member], folder: Path) -> Iterator[Path]:
    """Write the untrained students' ONNX files, numbered; yield each as it is done."""
    torch.manual_seed(0)
    for index, one in enumerate(members):
        shape = _CALIBRATION, 3, one.size, one.size
        photos = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
        network = build_student(one.architecture).eval()
        path = folder / f"{index:02}.onnx"
        yield export_onnx(network, one.size, path, precision=one.precision, calibration=photos)
