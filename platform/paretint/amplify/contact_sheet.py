"""Sheets of photos: amplified pairs taken apart, and styles mixed by region."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from paretint.amplify.residual import Residuals
from paretint.faces import Faces, photo_image, to_bytes

SHEET = "contact_sheet.png"

HEADS = ("before", "F(x)", "R_m", "R_d", "after")
GREY = 0.5
"""A residual of zero as it is shown: what is lighter was added, what is darker taken away."""

_SIDE = 128
"""Smaller photos are shown a whole number of times as large, up to this side."""

_GAP = 4
_HEAD = 20
_FONT_SIZE = 14


class SheetRow(NamedTuple):
    """A named row of photos, each uint8 [3, S, S], sRGB."""

    name: str
    images: tuple[Tensor, ...]


class Layout(NamedTuple):
    """Where a sheet's parts lie, in pixels: size, side of photos, their left and top edges."""

    size: tuple[int, int]
    side: int
    lefts: tuple[int, ...]
    tops: tuple[int, ...]


def sheet_rows(faces: Faces, made: Residuals, after: Tensor) -> list[SheetRow]:
    """Return the rows of a contact sheet, under HEADS. after: uint8 [N, 3, S, S].

    Raises ValueError where there are not as many of each.
    """
    columns = (
        faces.photos,
        to_bytes(made.reconstruction),
        to_bytes(GREY + made.makeup),
        to_bytes(GREY + made.detail),
        after,
    )
    return [
        SheetRow(name, images)
        for name, images in zip(faces.names, zip(*columns, strict=True), strict=True)
    ]


def lay_out(columns: int, rows: int, size: int, names: int) -> Layout:
    """Return the layout of photos of a side `size`, below heads and beside names `names` wide."""
    side = size * max(1, _SIDE // size)
    left, top, step = _GAP + names + _GAP, _HEAD + _GAP, side + _GAP
    lefts = tuple(left + column * step for column in range(columns))
    tops = tuple(top + row * step for row in range(rows))
    return Layout((lefts[-1] + step, tops[-1] + step), side, lefts, tops)


def draw_sheet(heads: Sequence[str], rows: Sequence[SheetRow]) -> Image.Image:
    """Return the rows below each other, their names to the left, under the heads of columns."""
    font = ImageFont.load_default(_FONT_SIZE)
    widest = max(math.ceil(font.getlength(row.name)) for row in rows)
    layout = lay_out(len(heads), len(rows), rows[0].images[0].shape[-1], widest)
    sheet = Image.new("RGB", layout.size, "white")
    for left, head in zip(layout.lefts, heads, strict=True):
        sheet.paste(_written(head, layout.side), (left, 0))
    for top, (name, images) in zip(layout.tops, rows, strict=True):
        sheet.paste(_written(name, widest), (_GAP, top))
        for left, image in zip(layout.lefts, images, strict=True):
            size = (layout.side, layout.side)
            sheet.paste(photo_image(image).resize(size, Image.Resampling.NEAREST), (left, top))
    return sheet


def _written(text: str, width: int) -> Image.Image:
    """Return a text as an image of its own, which cuts off what is too long."""
    written = Image.new("RGB", (width, _HEAD), "white")
    font = ImageFont.load_default(_FONT_SIZE)
    ImageDraw.Draw(written).text((0, 0), text, "black", font)
    return written
