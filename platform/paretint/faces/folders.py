"""Folders of real photos as pairs and faces, split so that no held-out face is ever trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from paretint.config import FolderFaces
from paretint.errors import UserError
from paretint.faces.data import FaceData, Faces, Pairs
from paretint.faces.photos import Skip, list_photos, open_photo, to_square

_THUMBNAIL = 16
_SAME_PHOTO = 4.0
"""Mean difference, of 255, below which two thumbnails are taken for one photo saved twice."""


def read_folders(folders: FolderFaces) -> tuple[FaceData, list[Skip]]:
    """Return the data of an experiment on folders, and what was skipped.

    The sha256 of a name decides its place: the first `heldout` pairs are held out, the rest are
    source pairs. Faces to amplify are the unlabelled photos, then the source pairs' befores, last
    first: a face that few recipes learn from comes before one that all do. An unlabelled photo
    that also is a held-out one is skipped.

    Raises UserError where too few pairs are left.
    """
    pairs, skips = _read_pairs(folders)
    if len(pairs) <= folders.heldout:
        raise UserError(
            f"{folders.before}: {len(pairs)} pairs can be used, and {folders.heldout} are to be"
            " held out; add pairs or lower faces.heldout"
        )
    heldout = pairs.first(folders.heldout)
    source = _after(pairs, folders.heldout)
    faces, more = _read_unlabelled(folders, heldout)
    return FaceData(source, _with_befores(faces, source), heldout), skips + more


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
        raise UserError(f"{folders.before}: none of {len(common)} pairs can be used; {skips[0]}")
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


def _read_unlabelled(folders: FolderFaces, heldout: Pairs) -> tuple[Faces, list[Skip]]:
    names, photos, skips = [], [], []
    known = _thumbnails(heldout.before)
    listed = {} if folders.unlabelled is None else list_photos(folders.unlabelled)
    for name, path in listed.items():
        image = open_photo(path)
        if isinstance(image, Skip):
            skips.append(image)
            continue
        photo = to_square(image, folders.size)
        far = (_thumbnails(photo[None]) - known).abs().mean(dim=(1, 2, 3))
        if far.min() < _SAME_PHOTO:
            skips.append(Skip(path, f"is the held-out face {heldout.names[int(far.argmin())]}"))
            continue
        names.append(name)
        photos.append(photo)
    empty = heldout.before.new_empty(0, *heldout.before.shape[1:])
    return Faces(tuple(names), torch.stack(photos) if photos else empty, None), skips


def _with_befores(faces: Faces, source: Pairs) -> Faces:
    names = faces.names + source.names[::-1]
    return Faces(names, torch.cat([faces.photos, source.before.flip(0)]), None)


def _thumbnails(photos: Tensor) -> Tensor:
    return interpolate(photos.float(), size=_THUMBNAIL, mode="area")


def _after(pairs: Pairs, count: int) -> Pairs:
    return Pairs(pairs.names[count:], pairs.before[count:], pairs.after[count:], None)
