from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from paretint.faces.procedural.canvas import Canvas, clouds, paint
from paretint.faces.procedural.people import People, draw_people


@pytest.fixture
def one() -> People:
    """Somebody in the middle of the photo, upright, of unit scale, facing the camera."""
    drawn = draw_people(1, torch.Generator().manual_seed(0))
    still = {name: torch.zeros(1) for name in ("roll", "yaw", "pitch", "jaw")}
    return replace(
        drawn,
        shift=torch.zeros(1, 2),
        scale=torch.ones(1),
        face=torch.tensor([[0.5, 0.8]]),
        **still,
    )


def test_pixels_lie_between_minus_one_and_one(one: People) -> None:
    canvas = Canvas.of(one, 4)
    assert canvas.x[0].tolist() == [-0.75, -0.25, 0.25, 0.75]
    assert canvas.u[0, 0].tolist() == [-0.75, -0.25, 0.25, 0.75]
    assert canvas.v[0, :, 0].tolist() == [-0.75, -0.25, 0.25, 0.75]
    assert canvas.pixel.flatten().tolist() == [0.5]


def test_the_outline_of_the_face_has_radius_one(one: People) -> None:
    canvas = Canvas.of(one, 40)
    expected = ((canvas.u / 0.5) ** 2 + (canvas.v / 0.8) ** 2).sqrt()
    torch.testing.assert_close(canvas.radius, expected)


def test_a_larger_scale_is_a_larger_head(one: People) -> None:
    near, far = (Canvas.of(replace(one, scale=torch.tensor([x])), 80) for x in (1.0, 0.5))
    pixels = [(canvas.radius < 1).sum().item() for canvas in (near, far)]
    assert pixels[0] == pytest.approx(4 * pixels[1], rel=0.02)
    assert (near.pixel.item(), far.pixel.item()) == pytest.approx((0.025, 0.05))


def test_a_turned_head_moves_its_features_most_in_the_middle(one: People) -> None:
    canvas = Canvas.of(replace(one, yaw=torch.tensor([0.5])), 41)
    moved = (canvas.fu - canvas.u)[0]
    assert moved[20, 20].item() == pytest.approx(-0.15)
    assert moved[0, 0] == 0
    assert (canvas.fv == canvas.v).all()


def test_a_rolled_head_is_turned_about_its_middle(one: People) -> None:
    canvas = Canvas.of(replace(one, roll=torch.tensor([torch.pi / 2])), 4)
    torch.testing.assert_close(canvas.u, Canvas.of(one, 4).v)
    torch.testing.assert_close(canvas.v, -Canvas.of(one, 4).u)


def test_cover_is_half_at_the_edge_and_softens_over_a_pixel(one: People) -> None:
    canvas = Canvas.of(one, 20)
    distance = torch.tensor([-0.1, -0.05, 0.0, 0.05, 0.1])
    assert canvas.cover(distance).flatten().tolist() == [1, 1, 0.5, 0, 0]
    assert canvas.cover(distance, blur=2).flatten().tolist() == pytest.approx(
        [1, 0.75, 0.5, 0.25, 0]
    )


def test_ellipse_is_negative_inside(one: People) -> None:
    canvas = Canvas.of(one, 41)
    distance = canvas.ellipse(
        (torch.zeros(1), torch.zeros(1)), (torch.tensor([0.5]), torch.tensor([0.25]))
    )
    assert distance[0, 20, 20].item() == pytest.approx(-0.25)
    torch.testing.assert_close(distance < 0, (canvas.u / 0.5) ** 2 + (canvas.v / 0.25) ** 2 < 1)


def test_paint_lays_a_colour_over_before_and_after_alike() -> None:
    both = torch.zeros(2, 1, 3, 2, 2)
    cover = torch.tensor([[[0.0, 0.5], [1.0, 0.0]]])
    paint(both, torch.tensor([[1.0, 0.5, 0.0]]), cover)
    for photo in both[:, 0]:
        assert photo[0].tolist() == [[0, 0.5], [1, 0]]
        assert photo[1].tolist() == [[0, 0.25], [0.5, 0]]
        assert not photo[2].any()


def test_clouds_are_smooth_and_of_unit_variance_at_their_cells() -> None:
    planes = clouds(500, 9, 5, torch.Generator().manual_seed(0))
    cells = planes[:, ::2, ::2]
    assert cells.std().item() == pytest.approx(1, abs=0.03)
    torch.testing.assert_close(planes[:, 0, 1], (planes[:, 0, 0] + planes[:, 0, 2]) / 2)
