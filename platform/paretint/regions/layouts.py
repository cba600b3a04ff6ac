"""How folders of photos with label maps lie: which layout, which items, how a map is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from paretint.errors import UserError
from paretint.faces.photos import SUFFIXES, Skip
from paretint.regions.maps import open_ids, open_parts, open_probabilities
from paretint.regions.tables import CELEBAMASK_HQ, HELEN, LAPA, PARTS, Table, read_table

_SPLITS = ("train", "val", "test")
_IN_A_FOLDER = 2000
"""CelebAMask-HQ keeps the maps of so many photos in a folder."""


@dataclass(frozen=True)
class Item:
    """A photo and its map.

    name: the path of the photo in the folder of photos, without suffix; map: the map's file, or
    what the paths of its files begin with.
    """

    name: str
    photo: Path
    map: Path


@dataclass(frozen=True)
class Layout:
    """A folder in a known layout.

    folder: where it lies; table: of its maps' ids; items: lists its photos and opens no image;
    files: those of an item's map; read: makes of them a map of ids, uint8 [H, W]; smaller_maps:
    whether maps may be smaller than their photos by a whole factor.
    """

    folder: Path
    table: Table
    items: Callable[[], Iterator[Item]]
    files: Callable[[Item], Sequence[Path]]
    read: Callable[[Sequence[Path]], np.ndarray | Skip]
    smaller_maps: bool = False


def layout_of(folder: Path) -> Layout:
    """Return the layout of a folder. Raises UserError where it has none that is known."""
    if not folder.is_dir():
        raise UserError(f"{folder}: is no folder; give one of photos with label maps")
    for recognise in (_celebamask_hq, _labels_json, _helen, _lapa):
        layout = recognise(folder)
        if layout is not None:
            return layout
    raise UserError(
        f"{folder}: is in no layout that is known: labels.json (labels.json, images/, labels/),"
        " CelebAMask-HQ (CelebA-HQ-img/, CelebAMask-HQ-mask-anno/),"
        " LaPa (train/images/, train/labels/), Helen (images/, labels/NAME/NAME_lbl00.png)"
    )


def _celebamask_hq(folder: Path) -> Layout | None:
    images, maps = folder / "CelebA-HQ-img", folder / "CelebAMask-HQ-mask-anno"
    if not (images.is_dir() and maps.is_dir()):
        return None

    def items() -> Iterator[Item]:
        for name, photo in _photos(images).items():
            part = int(name) // _IN_A_FOLDER if name.isdecimal() else 0
            yield Item(name, photo, maps / str(part) / f"{name:0>5}")

    return Layout(folder, CELEBAMASK_HQ, items, _parts, open_parts, smaller_maps=True)


def _labels_json(folder: Path) -> Layout | None:
    file = folder / "labels.json"
    if not file.is_file():
        return None
    return Layout(folder, read_table(file), partial(_matched, folder), _single, open_ids)


def _helen(folder: Path) -> Layout | None:
    images, maps = folder / "images", folder / "labels"
    if not images.is_dir() or next(maps.glob("*/*_lbl00.png"), None) is None:
        return None

    def items() -> Iterator[Item]:
        for name, photo in _photos(images).items():
            yield Item(name, photo, maps / name / photo.stem)

    return Layout(folder, HELEN, items, _probabilities, open_probabilities)


def _lapa(folder: Path) -> Layout | None:
    if _is_matched(folder):
        return Layout(folder, LAPA, partial(_matched, folder), _single, open_ids)
    splits = [split for split in _SPLITS if _is_matched(folder / split)]
    if not splits:
        return None

    def items() -> Iterator[Item]:
        for split in splits:
            for item in _matched(folder / split):
                yield Item(f"{split}/{item.name}", item.photo, item.map)

    return Layout(folder, LAPA, items, _single, open_ids)


def _is_matched(folder: Path) -> bool:
    return (folder / "images").is_dir() and (folder / "labels").is_dir()


def _matched(folder: Path) -> Iterator[Item]:
    """Yield the photos under images/ with the maps of equal path under labels/."""
    for name, photo in _photos(folder / "images").items():
        yield Item(name, photo, folder / "labels" / f"{name}.png")


def _photos(folder: Path) -> dict[str, Path]:
    """Return the photos in a folder and those below, by path without suffix, in their order.

    Raises UserError where two have one name.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name in found:
            raise UserError(f"{path}: has the name of {found[name].name}; rename one of them")
        found[name] = path
    return found


def _single(item: Item) -> list[Path]:
    return [item.map]


def _parts(item: Item) -> list[Path]:
    return [item.map.with_name(f"{item.map.name}_{part}.png") for part in PARTS]


def _probabilities(item: Item) -> list[Path]:
    names = (f"{item.map.name}_lbl{index:02}.png" for index in sorted(HELEN.classes))
    return [item.map.with_name(name) for name in names]
