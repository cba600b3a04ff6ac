from __future__ import annotations

from typing import Any

import pytest
import torch

from paretint.export import sizes
from paretint.student import TinyBeauty
from paretint.student.implicit import HIDDEN, ImplicitResize


def test_a_pixel_is_answered_by_its_place_its_neighbourhood_and_its_colour() -> None:
    torch.manual_seed(0)
    implicit, features, photo = ImplicitResize(5, 2), torch.rand(1, 5, 4, 4), torch.rand(1, 3, 8, 8)
    answered = implicit(features, photo)
    assert answered.shape == photo.shape
    # The second of two rows and the first of two columns of the cell at row 1, column 2.
    of_place = torch.arange(HIDDEN) * 4 + 2
    near = features[0, :, 0:3, 1:4].flatten()
    weight = implicit.features.weight[of_place].flatten(1)
    hidden = weight @ near + implicit.features.bias[of_place]
    hidden = hidden + implicit.pixel.weight.flatten(1) @ photo[0, :, 3, 4]
    expected = implicit.last.weight.flatten(1) @ hidden.relu() + implicit.last.bias
    torch.testing.assert_close(answered[0, :, 3, 4], expected)


@pytest.mark.parametrize(
    ("downscale", "parameters", "macs"),
    [(2, 88_595, 269_746_176), (4, 109_427, 154_730_496)],
)
def test_its_weights_are_counted(downscale: int, parameters: int, macs: int) -> None:
    network = TinyBeauty(24, 4, downscale=downscale, resize="liif")
    assert sizes(network, 256) == (parameters, macs)


def test_without_a_downscale_there_is_nothing_to_resize() -> None:
    assert isinstance(TinyBeauty(4, 0, resize="liif").out, torch.nn.Conv2d)


@pytest.mark.parametrize("axes", [{"downscale": 2}, {"downscale": 4}, {"downscale": 1}], ids=str)
def test_untrained_leaves_the_photo_nearly_as_it_is(axes: dict[str, Any]) -> None:
    torch.manual_seed(0)
    network = TinyBeauty(24, resize="liif", **axes)
    assert network.residual(torch.rand(1, 3, 64, 64)).abs().max() < 0.02


@pytest.mark.parametrize("downscale", [2, 4])
def test_every_weight_learns(downscale: int) -> None:
    network = TinyBeauty(8, 1, downscale=downscale, resize="liif")
    network.residual(torch.rand(2, 3, 16, 16)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in network.parameters())


def test_what_is_no_way_to_resize() -> None:
    with pytest.raises(ValueError, match="resize: 'bicubic' should be bilinear or liif"):
        TinyBeauty(8, resize="bicubic")
