from __future__ import annotations

from typing import Any

import pytest
import torch

from paretint.export import sizes
from paretint.student import TinyBeauty
from paretint.student.blocks import double
from paretint.student.upscaling import HIDDEN, ImplicitResize, SubPixel


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


def test_channels_can_become_the_pixels_of_a_convolution_behind_a_doubling() -> None:
    torch.manual_seed(0)
    behind = torch.nn.Conv2d(5, 3, 3, padding=1)
    before, features = SubPixel(5, 2), torch.rand(2, 5, 6, 4)
    with torch.no_grad():
        before.last.weight.zero_()
        before.last.bias.copy_(behind.bias.repeat_interleave(4))
        # A pixel's neighbours, in the doubled map, are its own cell and the nearest of another.
        cells = {0: (0, 1, 1), 1: (1, 1, 2)}
        for row, rows in cells.items():
            for column, columns in cells.items():
                of_place = before.last.weight[torch.arange(3) * 4 + 2 * row + column]
                for y, cell_y in enumerate(rows):
                    for x, cell_x in enumerate(columns):
                        of_place[:, :, cell_y, cell_x] += behind.weight[:, :, y, x]
                before.last.weight[torch.arange(3) * 4 + 2 * row + column] = of_place
    torch.testing.assert_close(before(features), behind(double(features)))


@pytest.mark.parametrize(
    ("axes", "parameters", "macs"),
    [
        ({"downscale": 2, "resize": "liif"}, 88_595, 269_746_176),
        ({"downscale": 4, "resize": "liif"}, 109_427, 154_730_496),
        ({"resize": "sub-pixel"}, 84_204, 655_884_288),
        ({"downscale": 2, "resize": "sub-pixel"}, 92_016, 195_821_568),
        ({"decoder": "upsample-first", "resize": "sub-pixel"}, 82_251, 1_292_894_208),
    ],
)
def test_its_weights_are_counted(axes: dict[str, Any], parameters: int, macs: int) -> None:
    assert sizes(TinyBeauty(24, 4, **axes), 256) == (parameters, macs)


def test_without_a_downscale_there_is_nothing_to_resize() -> None:
    assert isinstance(TinyBeauty(4, 0, resize="liif").out, torch.nn.Conv2d)


@pytest.mark.parametrize("resize", ["sub-pixel", "liif"])
@pytest.mark.parametrize("downscale", [1, 2, 4])
def test_untrained_leaves_the_photo_nearly_as_it_is(resize: str, downscale: int) -> None:
    torch.manual_seed(0)
    network = TinyBeauty(24, resize=resize, downscale=downscale)
    assert network.residual(torch.rand(1, 3, 64, 64)).abs().max() < 0.02


@pytest.mark.parametrize("resize", ["sub-pixel", "liif"])
@pytest.mark.parametrize("decoder", ["convolve-first", "upsample-first"])
@pytest.mark.parametrize("downscale", [1, 2, 4])
def test_every_weight_learns(resize: str, decoder: str, downscale: int) -> None:
    network = TinyBeauty(8, 1, decoder=decoder, downscale=downscale, resize=resize)
    network.residual(torch.rand(2, 3, 16, 16)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in network.parameters())


def test_what_is_no_way_to_resize() -> None:
    with pytest.raises(ValueError, match="resize: 'bicubic' should be bilinear, sub-pixel or liif"):
        TinyBeauty(8, resize="bicubic")
