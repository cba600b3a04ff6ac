from __future__ import annotations

import pytest
import torch

from paretint.amplify import Residuals
from paretint.amplify.contact_sheet import HEADS, draw_contact_sheet, sheet_rows
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


def test_small_photos_are_enlarged_whole_and_stand_in_the_order_of_the_heads() -> None:
    faces = Faces(("ann", "bea"), torch.zeros(2, 3, 48, 48, dtype=torch.uint8), None)
    nothing = torch.zeros(2, 3, 48, 48)
    after = torch.full((2, 3, 48, 48), 255, dtype=torch.uint8)
    sheet = draw_contact_sheet(sheet_rows(faces, Residuals(nothing, nothing, nothing), after))
    side, gap, head = 96, 4, 20
    assert sheet.size == (5 * (side + gap) + gap, head + 2 * (side + gap) + gap)
    middles = [gap + side // 2 + column * (side + gap) for column in range(5)]
    lowest = head + gap + side + gap + side - 1
    assert [sheet.getpixel((x, lowest)) for x in middles] == [
        (0, 0, 0), (0, 0, 0), (128, 128, 128), (128, 128, 128), (255, 255, 255),
    ]  # fmt: skip
    assert sheet.getpixel((middles[0], lowest + 1)) == (255, 255, 255)
