"""Pictures of label maps: their colours, a map laid over its photo, and sheets with a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from torch.nn import functional as F

from paretint.faces.photos import photo_image, to_square
from paretint.regions.classes import CLASSES

Colour = tuple[int, int, int]

_COLOURS = {
    "background": 0x000000, "skin": 0xD4EDC3, "nose": 0x70A7BE, "glasses": 0x51FC2E,
    "left_eye": 0x182DD4, "right_eye": 0xA5ACFE, "left_brow": 0x322F0B, "right_brow": 0x999C75,
    "left_ear": 0xA13A13, "right_ear": 0xDAB19A, "mouth": 0xFFFFFF, "upper_lip": 0x762B56,
    "lower_lip": 0xF45B06, "hair": 0x42239B, "hat": 0x2F909A, "earring": 0xFA9A03,
    "necklace": 0xE8C5EF, "neck": 0x7161AE, "cloth": 0x9F675B,
}  # fmt: skip
# Searched for the largest smallest distance between two, also as the colour-blind see them, with
# one hue for both sides of a part.

PALETTE: tuple[Colour, ...] = tuple(
    (_COLOURS[name] >> 16, _COLOURS[name] >> 8 & 255, _COLOURS[name] & 255) for name in CLASSES
)
"""The colour of each class, sRGB 0..255."""

_TINT = 0.5
_COLUMNS = 4
_GAP = 12
_CAPTION = 20
_ROW = 22
_SWATCH = 16
_LEGEND = 110
_FONT_SIZE = 14


class Cell(NamedTuple):
    """A photo and its map, as a sheet shows them.

    photo: uint8 [3, S, S], sRGB; labels: uint8 [S, S] of ids of `CLASSES`.
    """

    name: str
    photo: Tensor
    labels: Tensor

    @classmethod
    def of(cls, name: str, photo: Image.Image, labels: Tensor, side: int) -> Cell:
        """Return the middle square of a photo and its square map of any size, both at `side`."""
        resized = F.interpolate(labels[None, None], (side, side), mode="nearest-exact")[0, 0]
        return cls(name, to_square(photo, side), resized)


class Entry(NamedTuple):
    """A line of a legend."""

    name: str
    colour: Colour


class Layout(NamedTuple):
    """Where a sheet's parts lie: its size, and the upper left corners (x, y) of parts."""

    size: tuple[int, int]
    cells: tuple[tuple[int, int], ...]
    legend: tuple[int, int]


def tint(cell: Cell) -> Tensor:
    """Return the photo under its map, uint8 [3, S, S].

    A region is half its colour and half the photo, its rim its colour alone; background is left
    as it is. Raises ValueError where an id is none, or the map does not fit the photo.
    """
    labels = _checked(cell).labels.float()
    lowest = -F.max_pool2d(-labels[None], 3, stride=1, padding=1)[0]
    weight = torch.where(labels > lowest, 1.0, _TINT) * (labels > 0)
    colours = torch.tensor(PALETTE)[cell.labels.long()].permute(2, 0, 1)
    return torch.lerp(cell.photo.float(), colours.float(), weight).round().to(torch.uint8)


def legend(cells: Sequence[Cell]) -> tuple[Entry, ...]:
    """Return the classes that occur in any map, by id, without the background."""
    present = torch.cat([cell.labels.flatten() for cell in cells]).unique().tolist()
    return tuple(Entry(CLASSES[label], PALETTE[label]) for label in present if label)


def lay_out(cells: int, side: int, entries: int) -> Layout:
    """Return the layout of a sheet: cells in rows of at most four, the legend to their right.

    A cell is a caption above a photo and the photo under its map.
    """
    columns = min(cells, _COLUMNS)
    across, down = 2 * side + _GAP, _CAPTION + side + _GAP
    corners = tuple(
        (_GAP + cell % columns * across, _GAP + cell // columns * down) for cell in range(cells)
    )
    right = _GAP + columns * across
    height = max(corners[-1][1] + down, _GAP + _CAPTION + entries * _ROW + _GAP)
    return Layout((right + _LEGEND + _GAP, height), corners, (right, _GAP + _CAPTION))


def draw_sheet(cells: Sequence[Cell]) -> Image.Image:
    """Return a picture of photos beside themselves under their maps, all of one side."""
    entries, side = legend(cells), len(cells[0].labels)
    layout = lay_out(len(cells), side, len(entries))
    sheet = Image.new("RGB", layout.size, "white")
    for (x, y), cell in zip(layout.cells, cells, strict=True):
        sheet.paste(_caption(cell.name, 2 * side), (x, y))
        sheet.paste(photo_image(cell.photo), (x, y + _CAPTION))
        sheet.paste(photo_image(tint(cell)), (x + side, y + _CAPTION))
    _draw_legend(ImageDraw.Draw(sheet), entries, layout.legend)
    return sheet


def label_image(labels: Tensor) -> Image.Image:
    """Return a map, uint8 [H, W], as an image whose values are the ids, shown in their colours."""
    image = Image.fromarray(labels.numpy())
    image.putpalette([value for colour in PALETTE for value in colour])
    return image


def _checked(cell: Cell) -> Cell:
    if cell.photo.shape[1:] != cell.labels.shape:
        raise ValueError(f"a map {tuple(cell.labels.shape)} of a photo {tuple(cell.photo.shape)}")
    if cell.labels.max() >= len(CLASSES):
        raise ValueError(f"a map has the id {cell.labels.max()}, of {len(CLASSES)} classes")
    return cell


def _caption(name: str, width: int) -> Image.Image:
    """Return a name as an image of its own, which cuts off what is too long."""
    caption = Image.new("RGB", (width, _CAPTION), "white")
    ImageDraw.Draw(caption).text((0, 0), name, "black", _font())
    return caption


def _draw_legend(
    draw: ImageDraw.ImageDraw, entries: Sequence[Entry], corner: tuple[int, int]
) -> None:
    x, y = corner
    for row, entry in enumerate(entries):
        top = y + row * _ROW
        draw.rectangle((x, top, x + _SWATCH, top + _SWATCH), entry.colour, "black")
        draw.text((x + _SWATCH + 6, top), entry.name.replace("_", " "), "black", _font())


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(_FONT_SIZE)
