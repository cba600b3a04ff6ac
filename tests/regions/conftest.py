"""Folders of labelled photos, small but lying as the real ones do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from PIL import Image

from paretint.regions import CLASSES
from paretint.regions.tables import PARTS
from paretint.store import Store

SIZE = 8


class Save(Protocol):
    def __call__(self, path: Path, pixels: np.ndarray, mode: str | None = None) -> Path: ...


def face(label_of: dict[str, int]) -> np.ndarray:
    """Return a map of skin with the person's left eye on the right, uint8 [8, 8]."""
    ids = np.full((SIZE, SIZE), label_of["skin"], np.uint8)
    ids[2, 5:7], ids[2, 1:3] = label_of["left_eye"], label_of["right_eye"]
    ids[0] = label_of["hair"]
    return ids


def save_image(path: Path, pixels: np.ndarray, mode: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(pixels)
    (image if mode is None else image.convert(mode)).save(path)
    return path


def photo(shade: int, size: int = SIZE) -> np.ndarray:
    return np.full((size, size, 3), shade, np.uint8)


@pytest.fixture
def save() -> Save:
    """Saves pixels, converted to a mode, and makes the folders on the way."""
    return save_image


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def labels_json(tmp_path: Path) -> Path:
    """Four photos, two of them in folders of their own, in the layout of `labels.json`."""
    folder = tmp_path / "parsed"
    ids = face({name: index for index, name in enumerate(CLASSES)})
    for shade, name in enumerate(("a", "b", "in/a", "in/deep/c")):
        save_image(folder / "images" / f"{name}.png", photo(shade))
        save_image(folder / "labels" / f"{name}.png", ids)
    named = {str(index): name for index, name in enumerate(CLASSES)}
    (folder / "labels.json").write_text(json.dumps(named), encoding="utf-8")
    return folder


@pytest.fixture
def lapa(tmp_path: Path) -> Path:
    """Two photos to train and one to test, in LaPa's layout."""
    folder = tmp_path / "LaPa"
    ids = face({"skin": 1, "right_eye": 4, "left_eye": 5, "hair": 10})
    for shade, name in enumerate(("train/{}/a", "train/{}/b", "test/{}/a")):
        save_image(folder / f"{name.format('images')}.jpg", photo(shade))
        save_image(folder / f"{name.format('labels')}.png", ids)
    return folder


@pytest.fixture
def helen(tmp_path: Path) -> Path:
    """Two photos in Helen's layout, every other class a little likely everywhere."""
    folder = tmp_path / "SmithCVPR2013_dataset_resized"
    ids = face({"skin": 1, "right_eye": 4, "left_eye": 5, "hair": 10})
    for shade, name in enumerate(("100032540_1", "100040721_2")):
        save_image(folder / "images" / f"{name}.jpg", photo(shade))
        for index in range(11):
            likely = np.where(ids == index, 130, 20).astype(np.uint8)
            save_image(folder / "labels" / name / f"{name}_lbl{index:02}.png", likely)
    return folder


@pytest.fixture
def celebamask_hq(tmp_path: Path) -> Path:
    """The photos 7 and 2001 in CelebAMask-HQ's layout, twice as large as their maps."""
    folder = tmp_path / "CelebAMask-HQ"
    for number in (7, 2001):
        save_image(folder / "CelebA-HQ-img" / f"{number}.jpg", photo(number % 100, 2 * SIZE))
        parts = folder / "CelebAMask-HQ-mask-anno" / str(number // 2000)
        ids = face({name: index for index, name in enumerate(CLASSES)})
        for index, part in enumerate(PARTS, start=1):
            covered = ids >= 1 if part == "skin" else ids == index
            if covered.any():
                save_image(parts / f"{number:05}_{part}.png", 255 * covered.astype(np.uint8), "RGB")
    return folder
