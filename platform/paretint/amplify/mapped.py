"""Amplified pairs decoded once, into a file that every process of a machine maps into memory."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from paretint.amplify.drawing import Drawn
from paretint.amplify.job import AmplifyJob
from paretint.amplify.parts import part_path, parts_for, read_faces, read_part
from paretint.faces import Pairs
from paretint.store import key
from paretint.store.files import replace, told_full

_VERSION = 1
_PHOTOS, _CARD = "pairs.uint8", "pairs.json"


class _Card(NamedTuple):
    """What lies in a file of pairs: how many, S and k of uint8 [3, S, S] and [k S, k S]; 0 of none.

    A pair is a row: its before, its after and its regions.
    """

    rows: int = 0
    size: int = 0
    finer: int = 0

    @property
    def photo(self) -> int:
        """Bytes of a photo."""
        return 3 * self.size**2

    @property
    def row(self) -> int:
        """Bytes of a row."""
        return 2 * self.photo + (self.finer * self.size) ** 2


def open_amplified(job: AmplifyJob, count: int) -> Pairs:
    """Return the first `count` amplified pairs of a job whose parts are made; not to be changed.

    Each is named by its face and index. They are read where they are used, from pages that all
    processes share. What no smaller count has decoded before is, and joins the same file. Raises
    UserError where the disk is full.
    """
    folder = job.store.folder("decoded", key("decoded", _VERSION, amplified=job.amplified_key))
    if _read_card(folder).rows < count:
        with job.store.lock("decoded", folder.name), told_full(folder):
            _extend(folder, job, count)
    faces = read_faces(job.folder, count, job.settings.part)
    names = tuple(f"{face}-{index}" for index, face in enumerate(faces))
    return Pairs(names, *_mapped(folder, _read_card(folder), count))


def _extend(folder: Path, job: AmplifyJob, count: int) -> None:
    """Decode the parts that a file lacks; its card is written last, and vouches for the rows."""
    folder.mkdir(exist_ok=True)
    card, part = _read_card(folder), job.settings.part
    path = folder / _PHOTOS
    path.touch()
    with path.open("r+b") as file:
        file.seek(card.rows * card.row)
        for index in parts_for(count, part)[card.rows // part :]:
            drawn = read_part(part_path(job.folder, index))
            file.write(_rows(drawn).numpy().data)
            card = _card_of(drawn, card.rows + part)
        file.flush()
        os.fsync(file.fileno())
    replace(folder / _CARD, lambda partial: partial.write_text(json.dumps(card._asdict())))


def _rows(drawn: Drawn) -> Tensor:
    before, after, _ = drawn
    columns = [before.photos, after, *([] if before.regions is None else [before.regions])]
    return torch.cat([column.flatten(1) for column in columns], dim=1)


def _card_of(drawn: Drawn, rows: int) -> _Card:
    size, regions = drawn.after.shape[-1], drawn.before.regions
    return _Card(rows, size, 0 if regions is None else regions.shape[-1] // size)


def _read_card(folder: Path) -> _Card:
    try:
        return _Card(**json.loads((folder / _CARD).read_text()))
    except FileNotFoundError:
        return _Card()


def _mapped(folder: Path, card: _Card, count: int) -> tuple[Tensor, Tensor, Tensor | None]:
    file = str(folder / _PHOTOS)
    rows = torch.from_file(file, size=count * card.row, dtype=torch.uint8).view(count, card.row)
    before, after, regions = rows.tensor_split((card.photo, 2 * card.photo), dim=1)
    photo, side = (3, card.size, card.size), card.finer * card.size
    labels = regions.unflatten(1, (side, side)) if card.finer else None
    return before.unflatten(1, photo), after.unflatten(1, photo), labels
