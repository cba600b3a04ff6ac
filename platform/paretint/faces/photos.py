"""Photos from folders: read, squared, resized; what cannot be used is skipped, counted, named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from paretint.errors import UserError

T = TypeVar("T")

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})

_UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
"""What Pillow raises on files that are no images, cut short, or broken: SyntaxError, for PNG."""


@dataclass(frozen=True)
class Skip:
    """A file that was left out, and why, in words that finish «skipped: »."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def list_photos(folder: Path) -> dict[str, Path]:
    """Return the photos of a folder by name without suffix, in the order of the names.

    Raises UserError where there is no such folder, no photo in it, or one name twice.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: is no folder; give one that holds photos")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES:
            continue
        if path.stem in found:
            raise UserError(f"{path}: has the name of {found[path.stem].name}; rename one of them")
        found[path.stem] = path
    if not found:
        raise UserError(f"{folder}: holds no photo ({', '.join(sorted(SUFFIXES))})")
    return found


def open_photo(path: Path) -> Image.Image | Skip:
    """Return the photo upright and in RGB, or why it cannot be read."""
    return read_image(path, lambda image: ImageOps.exif_transpose(image).convert("RGB"))


def read_image(path: Path, take: Callable[[Image.Image], T]) -> T | Skip:
    """Return what `take` makes of the image in a file, or why it cannot be read."""
    try:
        with Image.open(path) as image:
            if image.mode.startswith(("F", "I")):  # converted, its tones would be cut off
                return Skip(path, "has more than 8 bits a channel; save it with 8")
            return take(image)
    except _UNREADABLE as error:
        return Skip(path, f"is no readable image ({error})")


def to_square(image: Image.Image, size: int) -> Tensor:
    """Return the middle square of a photo, resized by Lanczos, as uint8 [3, size, size]."""
    fitted = ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(fitted)).permute(2, 0, 1).contiguous()


def photo_image(photo: Tensor) -> Image.Image:
    """Return a photo, uint8 [3, H, W], as an image."""
    return Image.fromarray(photo.permute(1, 2, 0).numpy())
