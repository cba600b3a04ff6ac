"""The residual diffusion model on cases whose answer is known."""

from __future__ import annotations

import pytest
import torch

from paretint.amplify import Residuals, detail_residual, makeup_residual


def of_bytes(*shape: int) -> torch.Tensor:
    return torch.randint(256, shape) / 256


def test_residuals_are_what_the_condition_adds_and_what_diffusion_loses() -> None:
    photo, reconstruction, conditional = torch.tensor([0.5, 0.25, 0.75])
    assert makeup_residual(conditional, reconstruction) == 0.5
    assert detail_residual(photo, reconstruction) == 0.25


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0, 2.0])
def test_makeup_is_added_to_the_reconstruction(strength: float) -> None:
    photo = torch.tensor([0.5, 0.25, 0.75])
    taken_apart = Residuals(photo, torch.full((3,), 0.125), torch.zeros(3))
    assert taken_apart.after(strength, 0.8).equal(photo + strength * 0.125)


def test_no_makeup_and_all_detail_are_the_photo_exactly() -> None:
    photo, reconstruction = of_bytes(1, 3, 8, 8), of_bytes(1, 3, 8, 8)
    detail = detail_residual(photo, reconstruction)
    taken_apart = Residuals(reconstruction, torch.rand(1, 3, 8, 8), detail)
    assert taken_apart.after(0.0, 1.0).equal(photo)


def test_a_share_of_the_detail_comes_back_and_the_sum_is_clipped() -> None:
    photo, reconstruction = torch.tensor([1.0, 0.5]), torch.tensor([0.5, 0.5])
    detail = detail_residual(photo, reconstruction)
    taken_apart = Residuals(reconstruction, torch.tensor([0.0, 2.0]), detail)
    assert taken_apart.after(1.0, 0.5).tolist() == [0.75, 1]
