from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from paretint.quality import psnr, ssim


def photos(count: int = 3, size: int = 32) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(20, 236, (count, 3, size, size), generator=generator).to(torch.uint8)


@pytest.mark.parametrize("error", [1, 5, 16])
def test_psnr_of_a_known_error(error: int) -> None:
    reached = psnr(photos() + error, photos())
    assert reached.shape == (3,)
    assert reached.tolist() == pytest.approx([20 * math.log10(255 / error)] * 3)


def test_psnr_is_of_the_mean_over_all_channels_and_pixels() -> None:
    made_up = torch.zeros(1, 3, 8, 8, dtype=torch.uint8)
    after = made_up.clone()
    after[0, 0, 0, 0] = 255
    assert psnr(made_up, after).item() == pytest.approx(10 * math.log10(3 * 64))


def test_psnr_of_equal_photos_is_a_number_and_above_that_of_any_other() -> None:
    nearly = photos()
    nearly[:, 0, 0, 0] += 1
    best, second = psnr(photos(), photos()), psnr(nearly, photos())
    assert best.tolist() == pytest.approx([10 * math.log10(255**2 * 3 * 32 * 32 * 4)] * 3)
    assert (best > second).all()


@given(st.integers(1, 100), st.integers(1, 100))
def test_psnr_falls_with_the_error_and_knows_no_sides(small: int, more: int) -> None:
    grey = torch.full((1, 3, 4, 4), 20, dtype=torch.uint8)
    near, far = grey + small, grey + small + more
    assert psnr(near, grey) > psnr(far, grey)
    assert psnr(near, grey) == psnr(grey, near)


def test_each_photo_has_its_own_number() -> None:
    made_up = photos()
    made_up[1] += 10
    reached = psnr(made_up, photos())
    assert reached[1] < reached[0] == reached[2]
    assert ssim(made_up, photos())[1] < 1


def test_ssim_of_equal_photos_is_one() -> None:
    assert ssim(photos(), photos()).tolist() == pytest.approx([1.0] * 3)


def test_ssim_of_flat_photos_is_their_luminance_term() -> None:
    one, other = (torch.full((1, 3, 32, 32), level, dtype=torch.uint8) for level in (51, 102))
    steady = 0.01**2
    expected = (2 * 0.2 * 0.4 + steady) / (0.2**2 + 0.4**2 + steady)
    assert ssim(one, other).item() == pytest.approx(expected, abs=1e-4)


def test_ssim_falls_with_noise() -> None:
    noise = torch.randint(0, 10, photos().shape, generator=torch.Generator().manual_seed(1))
    little, much = photos() + noise.to(torch.uint8), photos() + (2 * noise).to(torch.uint8)
    assert (ssim(much, photos()) < ssim(little, photos())).all()
    assert (ssim(little, photos()) < 1).all()
