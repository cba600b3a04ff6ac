"""Folders of real photos as pairs and faces, split so that no held-out face is ever trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from paretint.config import FolderFaces
from paretint.errors import UserError
from paretint.faces.data import FaceData, Faces, Pairs
from paretint.faces.parsing import Parser, silent, with_regions
from paretint.faces.photos import Skip, list_photos, open_photo, to_square
from paretint.terminal import Tell

_THUMBNAIL = 8
_SAME_PHOTO = 8.0
"""Mean difference, of 255, below which two thumbnails are taken for one photo.

A small photo saved again as a poor JPEG came to 7, the nearest two of 83 real faces to 17.
"""


def read_folders(
    folders: FolderFaces, parser: Parser | None = None, tell: Tell = silent
) -> tuple[FaceData, list[Skip]]:
    """Return the data of an experiment on folders, and what was skipped.

    A parser draws the regions of every face that is kept, and `tell` is told of it.

    The sha256 of a name decides its place: the first `heldout` pairs are held out, the rest are
    source pairs. Faces to amplify are the unlabelled photos, then the source pairs' befores, last
    first: a face that few recipes learn from comes before one that all do. A photo of either that
    also is a held-out one, before or after makeup, saved again or mirrored, is skipped.

    Raises UserError where too few pairs are left.
    """
    pairs, skips = _read_pairs(folders)
    heldout = pairs.first(folders.heldout)
    guard = _Guard(heldout)
    source, doubles = _read_source(folders, pairs, guard)
    if not source.names:
        raise UserError(
            f"{folders.before}: {len(heldout)} pairs can be used, and {folders.heldout} are to be"
            " held out; add pairs or lower faces.heldout"
        )
    faces, more = _read_unlabelled(folders, guard)
    data = FaceData(source, faces, heldout)
    if parser is not None:
        data = with_regions(data, folders, parser, tell)
    amplified = data.unlabelled + _last_first(data.source)
    return replace(data, unlabelled=amplified), skips + doubles + more


def by_hash(names: Iterable[str]) -> list[str]:
    """Return names in the order of their sha256: the same on every machine, and no one's choice."""
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def _read_pairs(folders: FolderFaces) -> tuple[Pairs, list[Skip]]:
    before, after = list_photos(folders.before), list_photos(folders.after)
    common = by_hash(before.keys() & after.keys())
    if not common:
        raise UserError(
            f"{folders.before} and {folders.after}: share no name; a pair is two photos of equal"
            f" name, such as {next(iter(before.values())).name}"
        )
    alone = [(before | after)[name] for name in sorted(before.keys() ^ after.keys())]
    skips = [Skip(path, "has no photo of its name in the other folder") for path in alone]
    names, photos = [], []
    for name in common:
        pair = _read_pair(before[name], after[name], folders.size)
        if isinstance(pair, Skip):
            skips.append(pair)
        else:
            names.append(name)
            photos.append(pair)
    if not photos:
        raise UserError(f"{folders.before}: none of {len(common)} pairs can be used; {skips[-1]}")
    befores, afters = (torch.stack(side) for side in zip(*photos, strict=True))
    return Pairs(tuple(names), befores, afters, None), skips


def _read_pair(before: Path, after: Path, size: int) -> tuple[Tensor, Tensor] | Skip:
    first, second = open_photo(before), open_photo(after)
    if isinstance(first, Skip):
        return first
    if isinstance(second, Skip):
        return second
    if first.size != second.size:
        sizes = "{}x{}, its before {}x{}".format(*second.size, *first.size)
        return Skip(after, f"is {sizes}: they cannot be aligned")
    return to_square(first, size), to_square(second, size)


class _Guard:
    """Knows the held-out photos, as they are and mirrored."""

    def __init__(self, heldout: Pairs) -> None:
        photos = torch.cat([heldout.before, heldout.after])
        self._names = heldout.names
        self._thumbnails = _thumbnails(torch.cat([photos, photos.flip(-1)]))

    def twin(self, photo: Tensor) -> str | None:
        """Return the name of the held-out face that a photo [3, S, S] shows, if it does."""
        far = (_thumbnails(photo[None]) - self._thumbnails).abs().mean(dim=(1, 2, 3))
        nearest = int(far.argmin())
        return self._names[nearest % len(self._names)] if far[nearest] < _SAME_PHOTO else None


def _read_source(folders: FolderFaces, pairs: Pairs, guard: _Guard) -> tuple[Pairs, list[Skip]]:
    """Return the pairs that are not held out, without those of a held-out photo."""
    listed, kept, skips = list_photos(folders.before), [], []
    for index in range(folders.heldout, len(pairs)):
        twin = guard.twin(pairs.before[index])
        if twin is None:
            kept.append(index)
        else:
            skips.append(Skip(listed[pairs.names[index]], f"is the held-out face {twin}"))
    names = tuple(pairs.names[index] for index in kept)
    return Pairs(names, pairs.before[kept], pairs.after[kept], None), skips


def _read_unlabelled(folders: FolderFaces, guard: _Guard) -> tuple[Faces, list[Skip]]:
    names, photos, skips = [], [], []
    listed = {} if folders.unlabelled is None else list_photos(folders.unlabelled)
    for name, path in listed.items():
        image = open_photo(path)
        if isinstance(image, Skip):
            skips.append(image)
            continue
        photo = to_square(image, folders.size)
        twin = guard.twin(photo)
        if twin is not None:
            skips.append(Skip(path, f"is the held-out face {twin}"))
            continue
        names.append(name)
        photos.append(photo)
    empty = torch.empty(0, 3, folders.size, folders.size, dtype=torch.uint8)
    return Faces(tuple(names), torch.stack(photos) if photos else empty, None), skips


def _last_first(pairs: Pairs) -> Faces:
    """Return the pairs' befores from the last to the first."""
    regions = None if pairs.regions is None else pairs.regions.flip(0)
    return Faces(pairs.names[::-1], pairs.before.flip(0), regions)


def _thumbnails(photos: Tensor) -> Tensor:
    return interpolate(photos.float(), size=_THUMBNAIL, mode="area")
