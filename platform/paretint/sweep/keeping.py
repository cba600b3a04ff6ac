"""Keeping a few held-out faces beside a trial's files, to be looked at."""

from __future__ import annotations

from pathlib import Path

from paretint.faces import Pairs, photo_image
from paretint.front.winner.samples import sample_rows
from paretint.store import FACES, KeptFace

SIDE = 128
"""Larger photos are kept at this side, in pixels."""


def keep_faces(folder: Path, heldout: Pairs) -> None:
    """Write the first held-out faces before, made up by the folder's ONNX file, and truly after.

    Nothing is lost, or makeup would be: its colours are what compression saves on first.
    """
    (folder / FACES).mkdir()
    for number, row in enumerate(sample_rows(folder / "model.onnx", heldout), 1):
        for name, pixels in zip(KeptFace.numbered(number), row.images, strict=True):
            picture = photo_image(pixels)
            picture.thumbnail((SIDE, SIDE))
            picture.save(folder / FACES / name, lossless=True)
