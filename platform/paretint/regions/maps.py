"""Label maps from the files of a photo: one of ids, one a part, or one of probabilities a class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from paretint.faces.photos import Skip, read_image


def open_ids(files: Sequence[Path]) -> np.ndarray | Skip:
    """Return the map of a single file, uint8 [H, W], or why it cannot be read.

    Of an image with a palette, the numbers are the ids, not the colours.
    """
    [file] = files
    return _channel(file)


def open_parts(files: Sequence[Path]) -> np.ndarray | Skip:
    """Return the map that files of one part each make, uint8 [H, W], or why they make none.

    The first file's part, wherever the file is not 0, gets the id 1, the next one's 2; later parts
    are painted over earlier ones, and a part may be missing. What no part covers is 0.
    """
    ids: np.ndarray | None = None
    for index, file in enumerate(files, start=1):
        if not file.exists():
            continue
        part = _channel(file)
        if isinstance(part, Skip):
            return part
        if ids is None:
            ids = np.zeros_like(part)
        elif part.shape != ids.shape:
            return Skip(file, "is not of the size of the parts before it")
        ids[part != 0] = index
    return Skip(files[0], "is missing, as are all other parts") if ids is None else ids


def open_probabilities(files: Sequence[Path]) -> np.ndarray | Skip:
    """Return the map of the likeliest ids, uint8 [H, W], or why there is none.

    The first file holds the probabilities of the id 0, 0..255, the next one's those of 1.
    """
    likelihoods: list[np.ndarray] = []
    for file in files:
        likelihood = _channel(file)
        if isinstance(likelihood, Skip):
            return likelihood
        if likelihoods and likelihood.shape != likelihoods[0].shape:
            return Skip(file, "is not of the size of the probabilities before it")
        likelihoods.append(likelihood)
    likeliest: np.ndarray = np.stack(likelihoods).argmax(axis=0)
    return likeliest.astype(np.uint8)


def _channel(file: Path) -> np.ndarray | Skip:
    """Return the only channel of an image, or the one that the three of a grey RGB image repeat."""
    if not file.exists():
        return Skip(file, "is missing")
    opened = read_image(file, lambda image: (image.mode, np.array(image).astype(np.uint8)))
    if isinstance(opened, Skip):
        return opened
    mode, values = opened
    if values.ndim == 2:
        return values
    if mode == "RGB" and (values == values[..., :1]).all():
        return values[..., 0].copy()
    return Skip(file, f"is {mode}, and a label map has one channel")
