from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from paretint.faces.photos import photo_image
from paretint.regions import CLASSES
from paretint.regions.classes import MIRRORED
from paretint.regions.picture import (
    PALETTE,
    Cell,
    Entry,
    Layout,
    draw_sheet,
    label_image,
    lay_out,
    legend,
    tint,
)

SKIN, NOSE, HAIR = 1, 2, 13

# As people see who lack one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1).
SIGHTS = {
    "trichromatic": np.eye(3),
    "protanopic": np.array([
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopic": np.array([
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopic": np.array([
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip

# Oklab (Ottosson 2020): distances in it are about as large as they look.
TO_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
TO_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip


def oklab(sight: str) -> np.ndarray:
    """The palette as it is seen, [19, 3]."""
    srgb = np.array(PALETTE) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ SIGHTS[sight].T, 0, 1)
    return np.cbrt(seen @ TO_CONES.T) @ TO_LAB.T


def plain(value: int, labels: list[list[int]]) -> Cell:
    """A photo of one grey, and its map."""
    ids = torch.tensor(labels, dtype=torch.uint8)
    return Cell("plain", torch.full((3, *ids.shape), value, dtype=torch.uint8), ids)


def at(photo: Tensor, row: int, column: int) -> tuple[int, ...]:
    return tuple(photo[:, row, column].tolist())


# Colours


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_colours_can_be_told_apart(sight: str) -> None:
    for (_, first), (_, second) in itertools.combinations(enumerate(oklab(sight)), 2):
        assert np.linalg.norm(first - second) > 0.08


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(
    ("part", "around"),
    [("upper_lip", "lower_lip"), ("upper_lip", "mouth"), ("hair", "neck"), ("neck", "cloth")]
    + [(part, "skin") for part in CLASSES if part not in ("skin", "mouth", "necklace")],
)
def test_what_touches_can_be_told_apart_with_ease(sight: str, part: str, around: str) -> None:
    lab = oklab(sight)
    first, second = lab[CLASSES.index(part)], lab[CLASSES.index(around)]
    assert np.linalg.norm(first - second) > 0.12


def test_the_sides_of_a_part_are_two_shades_of_one_hue() -> None:
    lab = oklab("trichromatic")
    hues = np.arctan2(lab[:, 2], lab[:, 1])
    for left, right in enumerate(MIRRORED.tolist()):
        if CLASSES[left].startswith("left"):
            apart = (hues[left] - hues[right] + np.pi) % (2 * np.pi) - np.pi
            assert abs(apart) < np.radians(15)
            assert lab[right, 0] - lab[left, 0] > 0.3


def test_background_is_black() -> None:
    assert PALETTE[0] == (0, 0, 0)
    assert PALETTE[HAIR] == (0x42, 0x23, 0x9B)


# A map over its photo


def test_background_is_left_as_it_is() -> None:
    cell = plain(100, [[0, 0], [0, 0]])
    assert tint(cell).equal(cell.photo)


def test_a_region_is_half_its_colour_and_half_the_photo() -> None:
    over = tint(plain(100, [[HAIR] * 3] * 3))
    assert {at(over, row, column) for row in range(3) for column in range(3)} == {(83, 68, 128)}


def test_the_rim_of_a_region_is_its_colour_alone() -> None:
    over = tint(plain(100, [
        [SKIN, SKIN, SKIN, SKIN, 0],
        [SKIN, NOSE, NOSE, NOSE, 0],
        [SKIN, NOSE, NOSE, NOSE, 0],
        [SKIN, NOSE, NOSE, NOSE, 0],
        [SKIN, NOSE, NOSE, NOSE, 0],
    ]))  # fmt: skip
    half_skin, half_nose = (156, 168, 148), (106, 134, 145)
    assert at(over, 2, 0) == half_skin
    assert at(over, 0, 3) == PALETTE[SKIN]  # on the side of the background only
    assert at(over, 1, 1) == at(over, 4, 1) == at(over, 2, 3) == PALETTE[NOSE]
    assert at(over, 3, 2) == half_nose
    assert at(over, 2, 4) == (100, 100, 100)


def test_a_map_that_does_not_fit_its_photo() -> None:
    cell = plain(100, [[0, 0], [0, 0]])
    with pytest.raises(ValueError, match=r"a map \(1, 2\) of a photo \(3, 2, 2\)"):
        tint(cell._replace(labels=cell.labels[:1]))


def test_an_id_that_is_none() -> None:
    with pytest.raises(ValueError, match="a map has the id 19, of 19 classes"):
        tint(plain(100, [[0, 19], [0, 0]]))


def test_a_cell_holds_the_middle_square_and_the_nearest_labels() -> None:
    photo = Image.new("RGB", (8, 4), "red")
    photo.paste("blue", (2, 0, 6, 4))
    labels = torch.tensor([[1, 2], [3, 4]], dtype=torch.uint8)
    cell = Cell.of("wide", photo, labels, 4)
    assert cell.photo.shape == (3, 4, 4)
    assert at(cell.photo, 0, 0) == at(cell.photo, 3, 3) == (0, 0, 255)
    assert cell.labels.tolist() == [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]
    nine = torch.arange(9, dtype=torch.uint8).view(3, 3)
    assert Cell.of("wide", photo, nine, 1).labels.tolist() == [[4]]


# Sheets


def test_the_legend_names_what_occurs_in_any_map() -> None:
    cells = [plain(0, [[HAIR, 0], [0, 0]]), plain(0, [[SKIN, HAIR], [0, 0]])]
    assert legend(cells) == (Entry("skin", PALETTE[SKIN]), Entry("hair", PALETTE[HAIR]))
    assert legend([plain(0, [[0]])]) == ()


def test_the_layout_of_one_cell() -> None:
    assert lay_out(1, 512, 3) == Layout((1170, 556), ((12, 12),), (1048, 32))


def test_cells_lie_in_rows_of_four() -> None:
    layout = lay_out(5, 100, 2)
    assert layout.cells == ((12, 12), (224, 12), (436, 12), (648, 12), (12, 144))
    assert layout.legend == (860, 32)
    assert layout.size == (982, 276)


def test_a_long_legend_makes_a_sheet_higher() -> None:
    assert lay_out(1, 16, 18).size == (178, 440)


def test_a_sheet_shows_photo_map_and_legend() -> None:
    cells = [plain(value, [[HAIR] * 8] * 8) for value in (100, 200)]
    sheet = draw_sheet(cells)
    layout = lay_out(2, 8, 1)
    assert sheet.size == layout.size
    for (x, y), cell in zip(layout.cells, cells, strict=True):
        top = y + 20
        photo = sheet.crop((x, top, x + 8, top + 8))
        over = sheet.crop((x + 8, top, x + 16, top + 8))
        assert photo.tobytes() == photo_image(cell.photo).tobytes()
        assert over.tobytes() == photo_image(tint(cell)).tobytes()
    x, y = layout.legend
    assert sheet.getpixel((x + 8, y + 8)) == PALETTE[HAIR]
    words = sheet.crop((x + 18, y, layout.size[0], y + 20))
    assert words.getextrema() != ((255, 255),) * 3


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 500, "caf\udce9", "顔 🙂"])
def test_any_file_s_name_can_stand_above_its_photo(name: str) -> None:
    cell = plain(100, [[SKIN] * 64] * 64)
    sheet, other = draw_sheet([cell._replace(name=name)]), draw_sheet([cell])
    below, right = (0, 32, *sheet.size), (12 + 128, 0, *sheet.size)
    for box in (below, right):
        assert sheet.crop(box).tobytes() == other.crop(box).tobytes()


# Files


def test_a_map_s_file_keeps_the_ids_and_shows_their_colours() -> None:
    labels = torch.arange(19, dtype=torch.uint8)[None].repeat(2, 1)
    file = io.BytesIO()
    label_image(labels).save(file, "PNG")
    assert tuple(file.getvalue()[24:26]) == (8, 3)  # bits a pixel; a palette's
    with Image.open(file) as image:
        assert (image.mode, image.size) == ("P", (19, 2))
        assert np.array(image).tolist() == labels.tolist()
        assert [image.convert("RGB").getpixel((label, 0)) for label in range(19)] == list(PALETTE)
