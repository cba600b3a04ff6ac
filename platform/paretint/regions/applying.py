"""A parser applied to photos: a folder of label maps, of the photos they fit, and of pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from PIL import Image
from torch import Tensor

from paretint.errors import UserError
from paretint.faces.photos import Skip, list_photos, open_photo, photo_image, to_square
from paretint.regions.classes import CLASSES
from paretint.regions.parser import FaceParser
from paretint.regions.picture import Cell, draw_sheet, label_image
from paretint.terminal import Tell

OVERVIEW = "overview.png"

_SIZES = range(16, 4097)
_FOLDERS = ("labels", "images", "overlays")
_OVERLAY_SIDE = 512
_OVERVIEW_SIDE = 160
_IN_OVERVIEW = 24


def check(size: int, out: Path) -> None:
    """Raise UserError where maps cannot have this size, or `out` is not a free place."""
    if size not in _SIZES:
        raise UserError(f"--size {size}: give {_SIZES[0]} to {_SIZES[-1]}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out}: is there already; name another folder with --out")


def find_photos(paths: Iterable[Path]) -> dict[str, Path]:
    """Return photos by name without suffix: the files given, and those in the folders given.

    Raises UserError where a path leads nowhere, a folder holds no photo, or one name comes twice.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for name, photo in _photos_at(path).items():
            if name in found:
                raise UserError(f"{photo}: has the name of {found[name]}; rename one of them")
            found[name] = photo
    return found


def apply_parser(
    parser: FaceParser,
    photos: Mapping[str, Path],
    size: int,
    out: Path,
    tell: Tell,
) -> list[Skip]:
    """Write the label maps of photos to the folder `out`; return what cannot be read.

    labels/NAME.png: ids of `CLASSES`, size x size, with a palette; labels.json: their names;
    images/NAME.png: the middle square of the photo, which the map fits; overlays/NAME.jpg and
    overview.png: pictures of them. It is a folder that parsers can be trained on. `tell` is given
    how many photos are done, and of how many.

    Raises UserError where no photo can be read, or `check` does.
    """
    check(size, out)
    skipped: list[Skip] = []
    shown: list[Cell] = []
    for done, (name, path) in enumerate(photos.items(), start=1):
        photo = open_photo(path)
        if isinstance(photo, Skip):
            skipped.append(photo)
        else:
            labels = parser.classes(to_square(photo, parser.side)[None], size)[0]
            _start(out)
            _write(out, name, photo, labels)
            if len(shown) < _IN_OVERVIEW:
                shown.append(Cell.of(name, photo, labels, _OVERVIEW_SIDE))
        tell(done, len(photos))
    if not shown:
        raise UserError(f"none of {len(photos)} photos can be read; {skipped[-1]}")
    draw_sheet(shown).save(out / OVERVIEW)
    return skipped


def _photos_at(path: Path) -> dict[str, Path]:
    if path.is_dir():
        return list_photos(path)
    if not path.exists():
        raise UserError(f"{path}: no such photo or folder")
    return {path.stem: path}


def _start(out: Path) -> None:
    """Make the folder at the first photo that can be read: without one, nothing is left behind."""
    try:
        for name in _FOLDERS:
            (out / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"--out {out}: cannot be made: {error.strerror}") from None
    names = {str(label): name for label, name in enumerate(CLASSES)}
    (out / "labels.json").write_text(json.dumps(names, indent=1) + "\n", encoding="utf-8")


def _write(out: Path, name: str, photo: Image.Image, labels: Tensor) -> None:
    label_image(labels).save(out / "labels" / f"{name}.png")
    photo_image(to_square(photo, len(labels))).save(out / "images" / f"{name}.png")
    overlay = draw_sheet([Cell.of(name, photo, labels, _OVERLAY_SIDE)])
    overlay.save(out / "overlays" / f"{name}.jpg", quality=90)
