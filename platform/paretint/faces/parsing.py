"""The regions of real photos, drawn by a parser that is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from paretint.config import FolderFaces
from paretint.errors import UserError
from paretint.faces.data import FaceData
from paretint.faces.photos import Skip, list_photos, open_photo, to_square
from paretint.terminal import Tell

FINE = 256
"""Maps of smaller photos are drawn up to this side: a pixel may be part lip and part skin."""


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


class Parser(Protocol):
    """Draws label maps of photos."""

    @property
    def key(self) -> str:
        """What tells it from every parser that draws other maps."""

    @property
    def side(self) -> int:
        """The side in pixels of the square photos it reads."""

    def regions(self, photos: Tensor, size: int) -> Tensor:
        """Return `Region` maps, uint8 [N, size, size], of photos, uint8 [N, 3, side, side]."""


def with_regions(data: FaceData, folders: FolderFaces, parser: Parser, tell: Tell) -> FaceData:
    """Return data read from folders, its unlabelled faces those of their folder, with regions.

    Each photo is opened again: at the parser's side it shows what its reduced copy has lost.
    Raises UserError where one cannot be read any more.
    """
    roles = (data.source, data.unlabelled, data.heldout)
    paths = list(_paths(folders, data))
    side = folders.size * max(1, FINE // folders.size)
    maps = torch.empty(len(paths), side, side, dtype=torch.uint8)
    for done, path in enumerate(paths):
        maps[done] = parser.regions(_open(path, parser.side)[None], side)[0]
        tell(done + 1, len(paths))
    source, unlabelled, heldout = maps.split([len(role) for role in roles])
    return FaceData(
        replace(data.source, regions=source),
        replace(data.unlabelled, regions=unlabelled),
        replace(data.heldout, regions=heldout),
    )


def _paths(folders: FolderFaces, data: FaceData) -> Iterator[Path]:
    """Yield the photos of the source pairs, the unlabelled faces and the held-out pairs."""
    befores = list_photos(folders.before)
    yield from (befores[name] for name in data.source.names)
    if folders.unlabelled is not None:
        faces = list_photos(folders.unlabelled)
        yield from (faces[name] for name in data.unlabelled.names)
    yield from (befores[name] for name in data.heldout.names)


def _open(path: Path, side: int) -> Tensor:
    image = open_photo(path)
    if isinstance(image, Skip):
        raise UserError(str(image))
    return to_square(image, side)
