"""Labelled photos: prepared once in the store, mapped into memory by whoever trains on them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.lib.format import open_memmap
from PIL import Image, ImageOps

from paretint.errors import UserError
from paretint.faces.folders import by_hash
from paretint.faces.photos import Skip, open_photo, to_square
from paretint.regions.labelled import Labelled, table_of
from paretint.regions.layouts import Item, Layout, layout_of
from paretint.regions.tables import eyes_agree, mirrored
from paretint.store import Store, key
from paretint.terminal import Tell

VERSION = 1

_PHOTOS, _LABELS, _FACTS = "photos.npy", "labels.npy", "labelled.json"


class Opened(NamedTuple):
    """A photo in RGB, and its map of row numbers of the layout's table, uint8 [H, W]."""

    photo: Image.Image
    labels: np.ndarray


def prepare_labelled(folder: Path, side: int, store: Store, tell: Tell) -> Path:
    """Return the store's folder with a folder's photos and label maps at side x side.

    Made on the first call, an item at a time, in the order of the hashes of the names; meanwhile
    `tell` is given how many items are done, and of how many. Photos and maps are cut to their
    middle square alike; photos are resized by Lanczos, maps by the nearest pixel.

    Where most left eyes lie on the left of the right ones, the maps' left is the photo's and not
    the person's, and the table of what comes back names the other side.

    Raises UserError where the folder is in no known layout, or none of its items can be used.
    """
    layout = layout_of(folder)
    items = _in_order(layout)
    if not items:
        raise UserError(f"{folder}: holds no photo with a label map")

    def make(target: Path) -> None:
        _write(target, layout, items, side, tell)

    return store.build("labelled", _key(layout, items, side), make)


def open_labelled(path: Path) -> Labelled:
    """Return what `prepare_labelled` left in a folder, its tensors mapped from the files.

    They are read from the disk when they are looked at; what is written to them stays in memory.
    """
    facts = _facts(path)
    count = len(facts["names"])
    photos, labels = (
        torch.from_numpy(np.load(path / file, mmap_mode="c"))[:count] for file in (_PHOTOS, _LABELS)
    )
    table = table_of(tuple(frozenset(allowed) for allowed in facts["table"]))
    return Labelled(tuple(facts["names"]), photos, labels, table)


def skipped_labels(path: Path) -> list[str]:
    """Return what was left out when the labelled photos were prepared, a line each."""
    lines: list[str] = _facts(path)["skipped"]
    return lines


def open_item(layout: Layout, item: Item) -> Opened | Skip:
    """Return an item in the size of its map, or why it cannot be used."""
    photo = open_photo(item.photo)
    if isinstance(photo, Skip):
        return photo
    files = layout.files(item)
    ids = layout.read(files)
    if isinstance(ids, Skip):
        return ids
    size = ids.shape[1], ids.shape[0]
    if photo.size != size:
        if not (layout.smaller_maps and _is_multiple(photo.size, size)):
            sizes = "{}x{}, its photo {}x{}".format(*size, *photo.size)
            return Skip(files[0], f"is {sizes}: they cannot be aligned")
        photo = photo.resize(size, Image.Resampling.LANCZOS)
    try:
        return Opened(photo, layout.table.rows(ids))
    except KeyError as error:
        return Skip(
            files[0], f"has the id {error}, which is not in the table of {layout.table.title}"
        )


def _is_multiple(large: tuple[int, int], small: tuple[int, int]) -> bool:
    factor = large[0] // small[0]
    return large == (factor * small[0], factor * small[1])


def _in_order(layout: Layout) -> list[Item]:
    items = {item.name: item for item in layout.items()}
    return [items[name] for name in by_hash(items)]


def _key(layout: Layout, items: list[Item], side: int) -> str:
    contents = hashlib.sha256()
    for item in items:
        files = (item.photo, *layout.files(item))
        contents.update(json.dumps([item.name, *map(_content, files)]).encode())
    ids = sorted(layout.table.classes)
    table = [sorted(allowed) for allowed in layout.table.sets()]
    return key("labelled", VERSION, files=contents.hexdigest(), ids=ids, table=table, side=side)


def _content(path: Path) -> str | None:
    """Return the digest of a file, read in pieces; None where there is nothing to read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _write(target: Path, layout: Layout, items: list[Item], side: int, tell: Tell) -> None:
    arrays, sets = _Arrays(target, len(items), side), layout.table.sets()
    skipped: list[str] = []
    agreeing = 0
    for done, item in enumerate(items, start=1):
        opened = open_item(layout, item)
        if isinstance(opened, Skip):
            skipped.append(str(opened))
        else:
            arrays.add(item.name, opened)
            agreeing += eyes_agree(sets, opened.labels)
        tell(done, len(items))
    if not arrays.names:
        none = f"none of {len(items)} photos can be used"
        raise UserError(f"{layout.folder}: {none}; {skipped[-1]}")
    table = [sorted(allowed) for allowed in (mirrored(sets) if agreeing < 0 else sets)]
    facts = {"names": arrays.names, "skipped": skipped, "table": table}
    (target / _FACTS).write_text(json.dumps(facts), encoding="utf-8")


class _Arrays:
    """Files that are filled in order, with room for `room` items: the end may stay empty."""

    def __init__(self, target: Path, room: int, side: int) -> None:
        self.names: list[str] = []
        self._photos = open_memmap(target / _PHOTOS, "w+", np.uint8, (room, 3, side, side))
        self._labels = open_memmap(target / _LABELS, "w+", np.uint8, (room, side, side))

    def add(self, name: str, opened: Opened) -> None:
        side, index = self._labels.shape[-1], len(self.names)
        labels = Image.fromarray(opened.labels)
        nearest = ImageOps.fit(labels, (side, side), Image.Resampling.NEAREST)  # as `to_square`
        self._photos[index] = to_square(opened.photo, side)
        self._labels[index] = np.array(nearest)
        self.names.append(name)


def _facts(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((path / _FACTS).read_text(encoding="utf-8"))
    return facts
