"""The contact sheet of amplified pairs: every photo as it was, taken apart, and made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from paretint.amplify.residual import Residuals
from paretint.faces import Faces, to_bytes

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
    """One photo's images in the order of HEADS; each uint8 [3, S, S], sRGB."""

    name: str
    images: tuple[Tensor, ...]


def sheet_rows(faces: Faces, made: Residuals, after: Tensor) -> list[SheetRow]:
    """Return the rows of a sheet. after: uint8 [N, 3, S, S].

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


def draw_contact_sheet(rows: Sequence[SheetRow]) -> Image.Image:
    """Return the rows below each other, under the names of their columns."""
    size = rows[0].images[0].shape[-1]
    side = size * max(1, _SIDE // size)
    step = side + _GAP
    sheet = Image.new("RGB", (len(HEADS) * step + _GAP, _HEAD + len(rows) * step + _GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(_FONT_SIZE)
    for column, head in enumerate(HEADS):
        draw.text((_GAP + column * step, 0), head, "black", font)
    for row, (_, images) in enumerate(rows):
        for column, image in enumerate(images):
            corner = _GAP + column * step, _HEAD + _GAP + row * step
            photo = Image.fromarray(image.permute(1, 2, 0).numpy())
            sheet.paste(photo.resize((side, side), Image.Resampling.NEAREST), corner)
    return sheet
