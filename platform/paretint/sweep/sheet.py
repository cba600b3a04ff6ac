"""A contact sheet of a run's amplified pairs, small enough to look at wherever the run is."""

from __future__ import annotations

import torch
from PIL import Image

from paretint.faces import Pairs, photo_image
from paretint.store import Run
from paretint.store.files import replace

_PAIRS = 8
_SIDE = 128
"""Larger photos are shown as small as this."""


def keep_sheet(run: Run, trial: str, amplified_key: str, pairs: Pairs) -> None:
    """Put the first of some amplified pairs into the run's folder, unless they are there.

    Trials that have the same pairs at once each write a file of their own, and the last one stays:
    they are alike.
    """
    sheet = run.contact_sheet(amplified_key)
    if sheet.exists():
        return
    sheet.parent.mkdir(exist_ok=True)
    own = sheet.with_name(f".{trial}{sheet.suffix}")
    picture = draw_pairs(pairs.first(_PAIRS))
    replace(own, lambda partial: picture.save(partial, "JPEG", quality=90, subsampling=0))
    own.replace(sheet)


def draw_pairs(pairs: Pairs) -> Image.Image:
    """Return photos before makeup in a row, and below each its after.

    Without names: a photo's file name may be a person's.
    """
    rows = [torch.cat(list(photos), dim=2) for photos in (pairs.before, pairs.after)]
    picture = photo_image(torch.cat(rows, dim=1))
    picture.thumbnail((len(pairs) * _SIDE, 2 * _SIDE))
    return picture
