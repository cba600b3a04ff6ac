from __future__ import annotations

import pytest
import torch
from torch import Tensor

from paretint.amplify import Residuals, Share, mixed
from paretint.faces.labels import Region
from paretint.regions import PARTS, partition

SIZE = 24
LIP, EYE, CHEEK, HAIR = (20, 12), (6, 6), (13, 3), (0, 0)


@pytest.fixture
def regions() -> Tensor:
    """A face with hair all round it."""
    drawn = torch.full((1, SIZE, SIZE), int(Region.HAIR), dtype=torch.uint8)
    drawn[:, 2:22, 2:22] = int(Region.SKIN)
    drawn[:, 20, 10:15] = int(Region.LIPS)
    drawn[:, 6, 6] = int(Region.EYES)
    return drawn


def style(regions: Tensor, makeup: float, photo: float = 0.4, lost: float = 0.0) -> Residuals:
    """A photo of one level made up by one level, wherever there is skin, lip or eye."""
    inside = (regions != int(Region.HAIR)).float()[:, None].expand(-1, 3, -1, -1)
    reconstruction = photo - lost * inside
    return Residuals(reconstruction, makeup * inside, photo - reconstruction)


def at(photos: Tensor, *places: tuple[int, int]) -> list[float]:
    return [round(photos[0, 0, y, x].item(), 6) for y, x in places]


def test_each_region_gets_its_style_at_its_strength(regions: Tensor) -> None:
    shares = {
        "face": Share(style(regions, 0.1), 1.0),
        "lips": Share(style(regions, 0.2), 2.0),
        "eyes": Share(style(regions, -0.2), 0.5),
    }
    after = mixed(shares, regions, detail=0.8)
    assert at(after, CHEEK, LIP, EYE, HAIR) == [0.5, 0.8, 0.3, 0.4]


def test_detail_counts_where_diffusion_lost_it(regions: Tensor) -> None:
    made = style(regions, 0.0, lost=0.1)
    shares = dict.fromkeys(PARTS, Share(made, 1.0))
    assert at(mixed(shares, regions, 1.0), CHEEK, HAIR) == [0.4, 0.4]
    assert at(mixed(shares, regions, 0.5), CHEEK, HAIR) == [0.35, 0.4]


def test_one_style_everywhere_is_that_style_bit_for_bit(regions: Tensor) -> None:
    made = style(regions, 0.1234567, photo=0.3333333)
    shares = dict.fromkeys(PARTS, Share(made, 0.7))
    assert torch.equal(mixed(shares, regions, 0.8), made.after(0.7, 0.8))


def test_the_parts_of_a_face_sum_to_one(regions: Tensor) -> None:
    parts = partition(regions, SIZE)
    assert set(parts) == set(PARTS)
    assert torch.allclose(sum(parts.values()), torch.ones(1, 1, SIZE, SIZE))
    assert at(parts["lips"], LIP, EYE, CHEEK) == [1, 0, 0]
    assert at(parts["eyes"], LIP, EYE, CHEEK) == [0, 1, 0]


def test_parts_of_finer_maps_share_pixels() -> None:
    drawn = torch.full((1, 4, 4), int(Region.SKIN), dtype=torch.uint8)
    drawn[:, :1, :2] = int(Region.LIPS)
    parts = partition(drawn, 2)
    assert parts["lips"][0, 0].tolist() == [[0.5, 0], [0, 0]]
    assert parts["face"][0, 0].tolist() == [[0.5, 1], [1, 1]]
