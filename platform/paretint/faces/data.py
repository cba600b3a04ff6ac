"""Photos in memory: 8-bit tensors with their names, and their region label maps where known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

Names = tuple[str, ...]


@dataclass(frozen=True)
class Faces:
    """Unlabelled photos.

    photos: uint8 [N, 3, S, S], sRGB 0..255; regions: uint8 [N, k S, k S] of `Region`
    ids, k times as fine as the photos (k = 1, 2, ...), or None.
    """

    names: Names
    photos: Tensor
    regions: Tensor | None

    def __len__(self) -> int:
        return len(self.names)

    def take(self, start: int, stop: int) -> Self:
        """Return the photos start..stop-1."""
        regions = None if self.regions is None else self.regions[start:stop]
        return type(self)(self.names[start:stop], self.photos[start:stop], regions)

    def at(self, indices: Sequence[int]) -> Faces:
        """Return the photos of some indices, in their order; one may come more than once."""
        regions = None if self.regions is None else self.regions[indices]
        return Faces(tuple(self.names[i] for i in indices), self.photos[indices], regions)

    def __add__(self, other: Faces) -> Faces:
        photos = torch.cat([self.photos, other.photos])
        return Faces(self.names + other.names, photos, _joined(self.regions, other.regions))


@dataclass(frozen=True)
class Pairs:
    """Photos before and after makeup, aligned pixel to pixel.

    before, after: uint8 [N, 3, S, S], sRGB 0..255; regions: uint8 [N, k S, k S] of `Region`
    ids, k times as fine as the photos (k = 1, 2, ...), or None where they are not known.
    """

    names: Names
    before: Tensor
    after: Tensor
    regions: Tensor | None

    def __len__(self) -> int:
        return len(self.names)

    def first(self, count: int) -> Pairs:
        """Return the first `count` pairs: the choice for 3 is the start of the choice for 5."""
        regions = None if self.regions is None else self.regions[:count]
        return Pairs(self.names[:count], self.before[:count], self.after[:count], regions)

    def at(self, indices: Sequence[int]) -> Pairs:
        """Return the pairs of some indices, in their order; one may come more than once."""
        regions = None if self.regions is None else self.regions[indices]
        names = tuple(self.names[i] for i in indices)
        return Pairs(names, self.before[indices], self.after[indices], regions)

    def to(self, device: torch.device) -> Pairs:
        """Return the pairs on a device."""
        regions = None if self.regions is None else self.regions.to(device)
        return Pairs(self.names, self.before.to(device), self.after.to(device), regions)

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs(
            self.names + other.names,
            torch.cat([self.before, other.before]),
            torch.cat([self.after, other.after]),
            _joined(self.regions, other.regions),
        )


@dataclass(frozen=True)
class FaceData:
    """What an experiment may see, and what it may only be judged by.

    source: the pairs a recipe draws its first `pairs` from; unlabelled: the faces to amplify;
    heldout: pairs of faces that appear in neither.
    """

    source: Pairs
    unlabelled: Faces
    heldout: Pairs


def _joined(one: Tensor | None, other: Tensor | None) -> Tensor | None:
    """Return label maps as one tensor; None where those of either are not known."""
    return None if one is None or other is None else torch.cat([one, other])


def to_float(photos: Tensor) -> Tensor:
    """Return uint8 0..255 photos as float32 in [0, 1]."""
    return photos.to(torch.float32).div_(255)


def to_bytes(photos: Tensor) -> Tensor:
    """Return float photos in [0, 1] as uint8 0..255, rounded and clipped."""
    return photos.clamp(0, 1).mul(255).round_().to(torch.uint8)
