from __future__ import annotations

import pytest
import torch
from torch import Tensor

from paretint.amplify.style_code import CODE, style_code
from paretint.faces import Region

WHOLE, EYES, LIDS, LIPS, BROWS, SKIN = range(6)
COLOUR, CHANGE, OPACITY = slice(0, 3), slice(3, 6), slice(6, 9)


def labels() -> Tensor:
    """A 24x24 label map with a piece of every zone: lids are the skin 2 pixels round the eyes."""
    regions = torch.full((1, 24, 24), int(Region.SKIN), dtype=torch.uint8)
    regions[:, 4:6, 4:8] = int(Region.EYES)
    regions[:, 16:20, 4:12] = int(Region.LIPS)
    regions[:, 0, 16:20] = int(Region.BROWS)
    return regions


def zones(code: Tensor) -> Tensor:
    assert code.shape == (CODE,)
    return code.view(6, 9)


def recoloured(photo: Tensor, colour: Tensor, opacity: float) -> Tensor:
    return torch.lerp(photo, colour[:, None, None].expand_as(photo), opacity)


def test_no_makeup_leaves_the_colours_alone() -> None:
    photo = torch.rand(2, 3, 24, 24)
    code = zones(style_code(photo, photo, labels().expand(2, -1, -1)))
    torch.testing.assert_close(code[WHOLE, COLOUR], photo.mean((0, 2, 3)))
    assert (code[:, 3:] == 0).all()


@pytest.mark.parametrize("opacity", [0.25, 1.0])
def test_a_constant_recolouring_is_told_by_its_change_and_opacity(opacity: float) -> None:
    torch.manual_seed(0)
    photo, colour = torch.rand(3, 3, 24, 24), torch.tensor([0.75, 0.125, 0.5])
    code = zones(style_code(photo, recoloured(photo, colour, opacity), labels().expand(3, -1, -1)))
    for zone in code:
        expected = 4 * opacity * (colour - zone[COLOUR])
        torch.testing.assert_close(zone[CHANGE], expected, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(zone[OPACITY], torch.full((3,), opacity), atol=0.03, rtol=0)


def test_a_shift_of_all_colours_has_no_opacity() -> None:
    photo = torch.rand(1, 3, 24, 24) / 2
    zone = zones(style_code(photo, photo + 0.25, None))[WHOLE]
    torch.testing.assert_close(zone[CHANGE], torch.ones(3), atol=1e-5, rtol=0)
    assert zone[OPACITY].abs().max() < 1e-4


@pytest.mark.parametrize(
    ("region", "named", "pixels"),
    [(Region.EYES, EYES, 8), (Region.LIPS, LIPS, 32), (Region.BROWS, BROWS, 4)],
)
def test_each_zone_tells_of_its_own_pixels(region: Region, named: int, pixels: int) -> None:
    photo = torch.full((1, 3, 24, 24), 0.25)
    inside = (labels() == int(region))[:, None]
    code = zones(style_code(photo, photo + 0.5 * inside, labels()))
    for zone in range(1, 6):
        assert code[zone, COLOUR].tolist() == pytest.approx([0.25] * 3)
        assert code[zone, CHANGE].tolist() == pytest.approx([2.0 * (zone == named)] * 3)
    assert code[WHOLE, CHANGE].tolist() == pytest.approx([2 * pixels / 24**2] * 3)


def test_lids_are_the_skin_around_the_eyes_and_the_other_skin_is_not() -> None:
    photo = torch.zeros(1, 3, 24, 24)
    after = photo.clone()
    after[:, 0, 2:8, 2:10] = 1.0  # the eyes' 2x4 pixels with 2 on every side
    code = zones(style_code(photo, after, labels()))
    assert code[LIDS, CHANGE].tolist() == pytest.approx([4, 0, 0])
    assert code[SKIN, CHANGE].tolist() == [0, 0, 0]


def test_without_regions_only_the_whole_photo_is_told() -> None:
    photo, after = torch.rand(2, 3, 24, 24), torch.rand(2, 3, 24, 24)
    blind = zones(style_code(photo, after, None))
    told = zones(style_code(photo, after, labels().expand(2, -1, -1)))
    assert blind[WHOLE].equal(told[WHOLE])
    assert not blind[1:].any()


def test_a_zone_that_no_photo_shows_is_zero() -> None:
    photo = torch.rand(1, 3, 24, 24)
    regions = torch.full((1, 24, 24), int(Region.SKIN), dtype=torch.uint8)
    code = zones(style_code(photo, photo + 0.1, regions))
    assert not code[[EYES, LIDS, LIPS, BROWS]].any()
    assert code[SKIN].any()


def test_the_same_pairs_twice_tell_the_same_style() -> None:
    photo, after = torch.rand(2, 3, 24, 24), torch.rand(2, 3, 24, 24)
    regions = labels().expand(2, -1, -1)
    torch.testing.assert_close(
        style_code(photo, after, regions),
        style_code(photo.repeat(2, 1, 1, 1), after.repeat(2, 1, 1, 1), regions.repeat(2, 1, 1)),
    )
