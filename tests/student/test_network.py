from __future__ import annotations

from typing import Any

import pytest
import torch

from paretint.export import sizes
from paretint.student import TinyBeauty


@pytest.mark.parametrize(
    ("width", "blocks", "parameters"),
    [(24, 4, 82_251), (24, 0, 40_587), (16, 4, 36_915), (8, 4, 9_499), (4, 6, 3_103)],
)
def test_parameters(width: int, blocks: int, parameters: int) -> None:
    network = TinyBeauty(width, blocks)
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters


@pytest.mark.parametrize(
    ("axes", "parameters", "macs"),
    [
        ({"stem": 5}, 83_403, 731_381_760),
        ({"stem": 7}, 85_131, 844_627_968),
        ({"decoder": "upsample-first"}, 82_251, 1_292_894_208),
        ({"norm": "instance"}, 82_251, 655_884_288),
        ({"convolution": "separable"}, 13_371, 162_988_032),
        ({"downscale": 2}, 82_251, 163_971_072),
    ],
)
def test_axes(axes: dict[str, Any], parameters: int, macs: int) -> None:
    assert sizes(TinyBeauty(24, 4, **axes), 256) == (parameters, macs)


@pytest.mark.parametrize("downscale", [2, 4])
def test_a_residual_of_a_smaller_photo_is_resized_onto_it(downscale: int) -> None:
    torch.manual_seed(0)
    network, whole = TinyBeauty(8, 1, downscale=downscale), TinyBeauty(8, 1)
    whole.load_state_dict(network.state_dict())
    small = torch.rand(1, 3, 16, 16)
    photo = small.repeat_interleave(downscale, 2).repeat_interleave(downscale, 3)
    resized = network.residual(photo)
    pooled = torch.nn.functional.avg_pool2d(resized, downscale)
    # Bilinear weights are even: inside, their mean over a block is that of the pixels around it.
    assert resized.shape == photo.shape
    torch.testing.assert_close(pooled.mean(), whole.residual(small).mean(), rtol=0.05, atol=1e-5)


@pytest.mark.parametrize("decoder", ["convolve-first", "upsample-first"])
@pytest.mark.parametrize("norm", ["none", "batch", "instance"])
@pytest.mark.parametrize("convolution", ["dense", "separable"])
def test_every_student_learns(decoder: str, norm: str, convolution: str) -> None:
    torch.manual_seed(0)
    network = TinyBeauty(4, 1, 5, decoder, norm, convolution, 2)
    photo = torch.rand(2, 3, 16, 16)
    network(photo).sub(0.5).square().mean().backward()
    still = {name for name, weight in network.named_parameters() if not weight.grad.any()}
    # A norm takes out again what a bias before it adds.
    assert all(norm != "none" and name.endswith("conv.bias") for name in still)


def test_default_is_the_paper_s_size() -> None:
    network = TinyBeauty()
    assert (network.width, network.blocks) == (24, 4)


@pytest.mark.parametrize("shape", [(1, 3, 64, 64), (2, 3, 32, 48), (1, 3, 4, 8)])
def test_gives_a_photo_of_the_same_shape_and_range(shape: tuple[int, ...]) -> None:
    network = TinyBeauty(8, 1)
    torch.nn.init.normal_(network.out.weight, std=10)
    made_up = network(torch.rand(shape))
    assert made_up.shape == shape
    assert made_up.min() == 0
    assert made_up.max() == 1


def test_sees_the_photo_from_minus_one_to_one() -> None:
    network = TinyBeauty(8, 1)
    grey = torch.full((1, 3, 8, 8), 0.5)
    seen = []
    network.stem.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    network(torch.cat((grey * 0, grey, grey * 2)))
    assert seen[0].amax((1, 2, 3)).tolist() == [-1, 0, 1]


def test_residual_is_what_is_added() -> None:
    torch.manual_seed(0)
    network = TinyBeauty(8, 1)
    torch.nn.init.normal_(network.out.weight, std=0.1)
    photo = torch.rand(1, 3, 16, 16)
    expected = (photo + network.residual(photo)).clamp(0, 1)
    torch.testing.assert_close(network(photo), expected)


def test_residual_is_within_minus_one_and_one() -> None:
    network = TinyBeauty(8, 1)
    torch.nn.init.normal_(network.out.weight, std=100)
    residual = network.residual(torch.rand(1, 3, 32, 32))
    assert residual.min() == -1
    assert residual.max() == 1


@pytest.mark.parametrize("width", [4, 24, 48])
def test_untrained_leaves_the_photo_nearly_as_it_is(width: int) -> None:
    torch.manual_seed(0)
    photo = torch.rand(1, 3, 64, 64)
    assert TinyBeauty(width).residual(photo).abs().max() < 0.01


def test_a_photo_is_made_up_alike_alone_and_in_a_batch() -> None:
    network = TinyBeauty(8, 2)
    photos = torch.rand(3, 3, 16, 16)
    torch.testing.assert_close(network(photos)[1:2], network(photos[1:2]))


def test_every_weight_learns() -> None:
    network = TinyBeauty(8, 2)
    network.residual(torch.rand(2, 3, 16, 16)).square().sum().backward()
    still = [
        name
        for name, weight in network.named_parameters()
        if weight.grad is None or not weight.grad.any()
    ]
    assert still == []


@pytest.mark.parametrize("width", [3, 49])
def test_width_out_of_range(width: int) -> None:
    with pytest.raises(ValueError, match=f"width: {width} should be between 4 and 48"):
        TinyBeauty(width)


@pytest.mark.parametrize("blocks", [-1, 7])
def test_blocks_out_of_range(blocks: int) -> None:
    with pytest.raises(ValueError, match=f"blocks: {blocks} should be between 0 and 6"):
        TinyBeauty(8, blocks)
