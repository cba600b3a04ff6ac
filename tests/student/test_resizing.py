from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from paretint.student import TinyBeauty, made_up_at, squeezed


def blushing(photo: Tensor) -> Tensor:
    """A fifth more red on the left half."""
    left = torch.zeros_like(photo)
    left[:, 0, :, : photo.shape[3] // 2] = 0.2
    return (photo + left).clamp(0, 1)


def test_a_photo_of_the_sides_is_not_touched() -> None:
    photo = torch.rand(2, 3, 16, 8)
    assert squeezed(photo, (16, 8)) is photo
    assert made_up_at((16, 8), blushing, photo).equal(blushing(photo))


def test_squeezing_is_that_of_an_image_library() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (48, 40, 3), dtype=np.uint8)
    small = squeezed(torch.from_numpy(pixels).permute(2, 0, 1)[None] / 255, (12, 20))[0] * 255
    expected = np.array(Image.fromarray(pixels).resize((20, 12), Image.Resampling.BILINEAR))
    assert small.equal(small.round())
    assert np.abs(small.permute(1, 2, 0).numpy() - expected).max() <= 1


@pytest.mark.parametrize("sides", [(8, 8), (24, 16), (64, 64)])
def test_makeup_is_resized_and_every_detail_stays(sides: tuple[int, int]) -> None:
    photo = torch.rand(1, 3, 40, 32) * 0.7
    added = made_up_at(sides, blushing, photo) - photo
    assert added.shape == photo.shape
    torch.testing.assert_close(added[:, 0, :, :8], torch.full((1, 40, 8), 0.2))
    assert added[:, :, :, 24:].abs().max() < 1e-6
    assert added[:, 1:].abs().max() < 1e-6


def test_what_leaves_the_range_is_cut_off() -> None:
    assert made_up_at((8, 8), lambda small: small * 0 + 1, torch.rand(1, 3, 16, 16)).max() == 1


def test_a_network_learns_through_it() -> None:
    network = TinyBeauty(4, 0)
    made_up_at((16, 16), network, torch.rand(1, 3, 32, 32)).sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in network.parameters())
