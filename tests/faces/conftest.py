"""Folders of small photos, as a user would have them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
from PIL import Image
from torch import Tensor

from paretint.config import FolderFaces
from paretint.faces import STYLES, Pairs, render_pairs
from paretint.store import Store

SIZE = 32


class Save(Protocol):
    def __call__(self, photo: Tensor, name: str, **options: int) -> Path: ...


@pytest.fixture(scope="session")
def people() -> Pairs:
    """Eight people for pairs, two for unlabelled photos, one nobody has."""
    return render_pairs(STYLES["rose"].vector(), 11, SIZE, seed=5)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves a photo uint8 [3, S, S] under the test's folder."""

    def save(photo: Tensor, name: str, **options: int) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(photo.permute(1, 2, 0).contiguous().numpy()).save(path, **options)
        return path

    return save


@pytest.fixture
def folders(tmp_path: Path, people: Pairs, save: Save) -> FolderFaces:
    """The pairs a to h, three of them held out, and the unlabelled photos x and y."""
    for index, name in enumerate("abcdefgh"):
        save(people.before[index], f"before/{name}.png")
        save(people.after[index], f"after/{name}.png")
    for index, name in enumerate("xy", start=8):
        save(people.before[index], f"unlabelled/{name}.png")
    return FolderFaces(
        source="folders",
        before=tmp_path / "before",
        after=tmp_path / "after",
        unlabelled=tmp_path / "unlabelled",
        size=SIZE,
        heldout=3,
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")
