"""Photos with label maps, whatever table of classes their maps were drawn with."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from paretint.faces import Pairs, Region
from paretint.faces.data import Names
from paretint.faces.folders import by_hash
from paretint.regions.classes import CLASSES, REGION_OF


@dataclass(frozen=True)
class Labelled:
    """Photos and their label maps.

    photos: uint8 [N, 3, S, S], sRGB 0..255; labels: uint8 [N, S, S], row numbers of `table`;
    table: bool [rows, 19], the classes that a pixel of each row may be. A set of several is what
    a coarser table says: a map that knows no ears calls them background.
    """

    names: Names
    photos: Tensor
    labels: Tensor
    table: Tensor

    def __len__(self) -> int:
        return len(self.names)

    def take(self, indices: list[int]) -> Labelled:
        """Return the photos of these indices; neighbours in their order share the memory."""
        chosen: slice | list[int] = indices
        if indices and indices == list(range(indices[0], indices[0] + len(indices))):
            chosen = slice(indices[0], indices[0] + len(indices))
        names = tuple(self.names[index] for index in indices)
        return Labelled(names, self.photos[chosen], self.labels[chosen], self.table)


def split(labelled: Labelled, heldout: int) -> tuple[Labelled, Labelled]:
    """Return the rest and the held-out: the `heldout` names whose sha256 come first.

    All photos of a name go with it.
    """
    chosen = set(by_hash(set(labelled.names))[:heldout])
    parts: tuple[list[int], list[int]] = [], []
    for index, name in enumerate(labelled.names):
        parts[name in chosen].append(index)
    rest, held = parts
    return labelled.take(rest), labelled.take(held)


def region_table() -> Tensor:
    """Return the table of `Region` label maps, bool [9, 19]."""
    return torch.arange(len(Region))[:, None] == REGION_OF


def from_pairs(pairs: Pairs) -> Labelled:
    """Return pairs with known regions, befores first, as labelled photos.

    Makeup does not move a region, so an after has its before's map. Raises ValueError where the
    regions are not known.
    """
    if pairs.regions is None:
        raise ValueError("the pairs have no regions")
    photos = torch.cat([pairs.before, pairs.after])
    return Labelled(pairs.names * 2, photos, pairs.regions.repeat(2, 1, 1), region_table())


def table_of(sets: tuple[frozenset[str], ...]) -> Tensor:
    """Return sets of class names as a table, bool [rows, 19]."""
    return torch.tensor([[name in allowed for name in CLASSES] for allowed in sets])
