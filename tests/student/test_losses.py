from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from paretint.faces import STYLES, render_pairs, to_float
from paretint.quality import ssim
from paretint.student import Weights, eyeliner_loss, student_loss
from paretint.student.losses import SMOOTH, ssim_loss

EVERYWHERE = torch.ones(1, 1, 8, 8)


def step(height: float = 1.0, size: int = 8) -> Tensor:
    """A photo that is 0 on its left half and `height` on its right."""
    photo = torch.zeros(1, 3, size, size)
    photo[..., size // 2 :] = height
    return photo


def middle(rows: slice, columns: slice) -> Tensor:
    eyes = torch.zeros(1, 1, 8, 8)
    eyes[..., rows, columns] = 1
    return eyes


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("height", [1.0, 0.5])
def test_a_step_has_the_sobel_operator_s_half_of_its_height_on_both_sides(
    height: float, turned: bool
) -> None:
    target, eyes = step(height), middle(slice(2, 6), slice(2, 6))
    if turned:
        target = target.mT
    loss = eyeliner_loss(torch.zeros_like(target), target, eyes)
    assert loss.item() == pytest.approx((height / 2) ** 2 * 2 / 4)  # two of four columns


def test_a_step_outside_the_eyes_does_not_count() -> None:
    flat = torch.zeros(1, 3, 8, 8)
    assert eyeliner_loss(flat, step(), middle(slice(2, 6), slice(1, 3))) == 0
    assert eyeliner_loss(flat, step(), middle(slice(2, 6), slice(3, 4))) == 0.25


def test_small_eyes_weigh_as_much_as_large_ones() -> None:
    flat = torch.zeros(1, 3, 8, 8)
    small, large = middle(slice(3, 4), slice(3, 5)), middle(slice(1, 7), slice(3, 5))
    assert eyeliner_loss(flat, step(), small) == eyeliner_loss(flat, step(), large) == 0.25


def test_a_constant_difference_is_no_edge() -> None:
    photo = torch.rand(1, 3, 8, 8)
    assert eyeliner_loss(photo, photo + 0.25, middle(slice(1, 7), slice(1, 7))) < 1e-12


def test_without_eyes_there_is_no_eyeliner() -> None:
    loss = eyeliner_loss(torch.zeros(1, 3, 8, 8), step(), torch.zeros(1, 1, 8, 8))
    assert loss == 0


def test_each_photo_has_its_own_eyes() -> None:
    flat, steps = torch.zeros(2, 3, 8, 8), torch.cat([step(), step(3.0)])
    eyes = torch.cat([middle(slice(2, 6), slice(3, 5)), torch.zeros(1, 1, 8, 8)])
    assert eyeliner_loss(flat, steps, eyes) == 0.25


def test_the_photo_s_loss_is_l1_less_half_of_where_it_turns_smooth() -> None:
    grey = torch.full((1, 3, 8, 8), 0.25)
    loss = student_loss(grey, grey + 0.5, torch.zeros(1, 1, 8, 8))
    assert loss.item() == pytest.approx(0.5 - SMOOTH / 2)


def test_near_zero_the_loss_is_quadratic() -> None:
    grey = torch.full((1, 3, 8, 8), 0.25)
    error = SMOOTH / 4
    loss = student_loss(grey, grey + error, torch.zeros(1, 1, 8, 8))
    assert loss.item() == pytest.approx(error**2 / (2 * SMOOTH), rel=1e-4)


@pytest.mark.parametrize("weight", [0.5, 2.0])
def test_eyeliner_is_added_by_its_weight(weight: float) -> None:
    flat, eyes = torch.zeros(1, 3, 8, 8), middle(slice(2, 6), slice(3, 5))
    photo = student_loss(flat, step(), torch.zeros(1, 1, 8, 8))
    assert student_loss(flat, step(), eyes, Weights(eyeliner=weight)) == photo + weight * 0.25


def test_parts_are_added_by_their_weights() -> None:
    made_up, target = torch.rand(2, 2, 3, 16, 16)
    eyes = torch.ones(2, 1, 16, 16)

    def part(**weights: float) -> float:
        nothing = dict.fromkeys(Weights._fields, 0.0)
        return student_loss(made_up, target, eyes, Weights(**nothing | weights)).item()

    whole = part(l1=0.5, ssim=2.0, eyeliner=3.0)
    assert whole == pytest.approx(0.5 * part(l1=1) + 2 * part(ssim=1) + 3 * part(eyeliner=1))


@given(st.integers(0, 2**32), st.integers(1, 7), st.integers(1, 7))
def test_a_mask_s_box_holds_all_that_it_weighs(seed: int, right: int, bottom: int) -> None:
    """The loss looks at the box of the mask alone: elsewhere a photo may be anything."""
    generator = torch.Generator().manual_seed(seed)
    one, other = torch.rand(2, 1, 3, 8, 8, generator=generator)
    eyes = torch.zeros(1, 1, 8, 8)
    eyes[..., :bottom, :right] = torch.rand(bottom, right, generator=generator)
    least = torch.full_like(eyes, 1e-20)  # it weighs nothing, but its box is the photo
    expected = eyeliner_loss(one, other, eyes + least)
    assert eyeliner_loss(one, other, eyes).item() == pytest.approx(expected.item(), rel=1e-5)


@pytest.mark.parametrize("size", [32, 33])
def test_structure_is_that_of_the_score(size: int) -> None:
    pairs = render_pairs(STYLES["plum"].vector(), 4, size, seed=0)
    before, after = to_float(pairs.before), to_float(pairs.after)
    scored = 1 - ssim(pairs.before, pairs.after).mean()
    assert scored > 0.01
    assert ssim_loss(before, after, stride=1).item() == pytest.approx(scored, rel=1e-3)
    assert ssim_loss(before, after).item() == pytest.approx(scored, rel=0.2)
    assert ssim_loss(after, after).abs() < 1e-6


def test_the_photo_itself_has_no_loss_and_any_other_has() -> None:
    photo = torch.rand(2, 3, 8, 8)
    eyes = EVERYWHERE.expand(2, -1, -1, -1)
    assert student_loss(photo, photo, eyes) == 0
    assert student_loss(photo, photo.flip(-1), eyes) > 0


def test_gradients_are_numbers_where_photos_are_equal() -> None:
    made_up = torch.rand(1, 3, 8, 8, requires_grad=True)
    student_loss(made_up, made_up.detach().clone(), EVERYWHERE).backward()
    assert made_up.grad is not None
    assert math.isfinite(made_up.grad.sum().item())


def test_the_border_of_a_photo_is_no_edge() -> None:
    target = torch.full((1, 3, 8, 8), 0.25)
    assert eyeliner_loss(target + 0.5, target, EVERYWHERE) == 0
