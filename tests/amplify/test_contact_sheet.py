from __future__ import annotations

import pytest
import torch

from paretint.amplify import Residuals, SheetRow, draw_sheet
from paretint.amplify.contact_sheet import HEADS, lay_out, sheet_rows
from paretint.faces import Faces

SIZE = 2


def full(value: float) -> torch.Tensor:
    return torch.full((1, 3, SIZE, SIZE), value)


@pytest.fixture
def faces() -> Faces:
    return Faces(("ann",), (full(0.4) * 255).to(torch.uint8), None)


def test_a_row_holds_the_face_its_parts_round_grey_and_the_after(faces: Faces) -> None:
    made = Residuals(full(0.2), full(0.1), full(-0.2))
    after = torch.full((1, 3, SIZE, SIZE), 77, dtype=torch.uint8)
    (row,) = sheet_rows(faces, made, after)
    assert row.name == "ann"
    assert [image.unique().tolist() for image in row.images] == [[102], [51], [153], [76], [77]]
    assert len(row.images) == len(HEADS)


def test_as_many_of_each_are_wanted(faces: Faces) -> None:
    made = Residuals(full(0), full(0), full(0))
    with pytest.raises(ValueError, match="zip"):
        sheet_rows(faces, made, torch.zeros(2, 3, SIZE, SIZE, dtype=torch.uint8))


@pytest.mark.parametrize(
    ("size", "side"), [(64, 128), (48, 96), (100, 100), (128, 128), (512, 512)]
)
def test_small_photos_are_shown_a_whole_number_of_times_as_large(size: int, side: int) -> None:
    layout = lay_out(columns=3, rows=2, size=size, names=50)
    assert layout.side == side
    assert layout.lefts == (58, 58 + side + 4, 58 + 2 * (side + 4))
    assert layout.tops == (24, 24 + side + 4)
    assert layout.size == (58 + 3 * (side + 4), 24 + 2 * (side + 4))


def test_every_photo_stands_in_its_place() -> None:
    levels = [[10, 20], [30, 40]]
    rows = [
        SheetRow(name, tuple(torch.full((3, 64, 64), level, dtype=torch.uint8) for level in row))
        for name, row in zip(("ann", "a face with a long name"), levels, strict=True)
    ]
    sheet = draw_sheet(("one", "two" * 30), rows)
    middle = [sheet.width - 132 * column + 64 for column in (2, 1)]
    assert [[sheet.getpixel((x, y)) for x in middle] for y in (24 + 64, 24 + 132 + 64)] == [
        [(level,) * 3 for level in row] for row in levels
    ]
    assert sheet.getpixel((middle[0] + 66, 24 + 64)) == (255, 255, 255)
    assert sheet.getpixel((sheet.width - 2, 10)) == (255, 255, 255)  # the long head is cut off
