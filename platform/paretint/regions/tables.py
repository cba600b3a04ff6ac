"""What the label maps of each data set say, as rows of a table of `CLASSES`.

Data sets disagree about whose left they mean. `CLASSES` means the photographed person's, as
CelebAMask-HQ does; LaPa and Helen mean the photo's, where the person's right is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from paretint.config import did_you_mean
from paretint.errors import UserError
from paretint.regions.classes import CLASSES, mirror

_IDS = 256
_NO_ROW = -1

Sets = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Table:
    """The classes that each id of a data set's maps stands for.

    title: whose table it is, as complaints call it; classes: names of `CLASSES` for each id. The
    rows of a map are the places of its ids in their order.
    """

    title: str
    classes: dict[int, frozenset[str]]

    def sets(self) -> Sets:
        """Return the classes that a pixel of each row may be.

        The table's background also holds the classes that it does not name: who drew the maps had
        nothing else to call them.
        """
        unnamed = frozenset(CLASSES) - frozenset().union(*self.classes.values())
        named = [self.classes[index] for index in sorted(self.classes)]
        return tuple(names | unnamed if "background" in names else names for names in named)

    def rows(self, ids: np.ndarray) -> np.ndarray:
        """Return a map of ids, uint8 [H, W], as one of rows. Raises KeyError for an unknown id."""
        row_of = np.full(_IDS, _NO_ROW, np.int16)
        row_of[sorted(self.classes)] = np.arange(len(self.classes))
        rows: np.ndarray = row_of[ids]
        if (rows == _NO_ROW).any():
            raise KeyError(int(ids[rows == _NO_ROW].min()))
        return rows.astype(np.uint8)


def _table(title: str, classes: Iterable[Iterable[str]]) -> Table:
    return Table(title, {index: frozenset(names) for index, names in enumerate(classes)})


PARTS = (
    "skin", "nose", "eye_g", "l_eye", "r_eye", "l_brow", "r_brow", "l_ear", "r_ear", "mouth",
    "u_lip", "l_lip", "hair", "hat", "ear_r", "neck_l", "neck", "cloth",
)  # fmt: skip
"""The parts of CelebAMask-HQ, as its files are named, in the order in which they are painted."""

CELEBAMASK_HQ = _table("CelebAMask-HQ", ([name] for name in CLASSES))

_SHARED = (
    ["right_brow"], ["left_brow"], ["right_eye"], ["left_eye"], ["nose"], ["upper_lip"], ["mouth"],
    ["lower_lip"], ["hair"],
)  # fmt: skip

LAPA = _table("LaPa", (["background"], ["skin", "left_ear", "right_ear"], *_SHARED))
"""LaPa draws ears as skin."""

HELEN = _table("Helen", (["background"], ["skin"], *_SHARED))
"""Helen as labelled by Smith et al. (CVPR 2013): ears and neck are background."""


def mirrored(sets: Sets) -> Sets:
    """Return sets of classes with left and right exchanged."""
    return tuple(frozenset(map(mirror, names)) for names in sets)


def eyes_agree(sets: Sets, rows: np.ndarray) -> int:
    """Return 1 where a map's left eye is the person's left one, -1 where not, 0 if it has not two.

    rows: uint8 [H, W], places of `sets`.
    """
    left, right = (np.nonzero(_is(sets, eye)[rows])[1] for eye in ("left_eye", "right_eye"))
    if not (len(left) and len(right)):
        return 0
    return int(np.sign(left.mean() - right.mean()))


def _is(sets: Sets, name: str) -> np.ndarray:
    return np.array([names == {name} for names in sets])


def read_table(path: Path) -> Table:
    """Return the table of a `labels.json`, an object of ids and names of `CLASSES`.

    Raises UserError where the file is no such object.
    """
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: is no readable JSON ({error})") from None
    if not isinstance(known, dict) or not known:
        raise UserError(f'{path}: is no object of ids and names, such as {{"1": "skin"}}')
    return Table(str(path), dict(_entry(path, text, name) for text, name in known.items()))


def _entry(path: Path, text: str, name: object) -> tuple[int, frozenset[str]]:
    if text not in map(str, range(_IDS)):
        raise UserError(f"{path}: {text!r} is no id; ids are whole numbers from 0 to {_IDS - 1}")
    if not isinstance(name, str) or name not in CLASSES:
        raise UserError(f"{path}: {text}: no class {name!r}{did_you_mean(str(name), CLASSES)}")
    return int(text), frozenset({name})
