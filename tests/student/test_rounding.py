"""Integers in a network that learns, held to what they are and to the file they are written in."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from paretint.export import OnnxModel, export_onnx
from paretint.faces import STYLES, Pairs, render_pairs, to_float
from paretint.student import Schedule, TinyBeauty, Training
from paretint.student.rounding import Rounding, _rounded_input, _rounded_weight

SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return render_pairs(STYLES["rose"].vector(), 6, 32, seed=0)


@pytest.fixture
def network() -> TinyBeauty:
    """One that changes its photos: what an untrained one adds is less than a level."""
    torch.manual_seed(1)
    network = TinyBeauty(width=8, blocks=1).eval()
    nn.init.normal_(network.out.weight, std=0.2)
    return network


@given(SEEDS)
def test_weights_are_of_seven_bits_a_channel(seed: int) -> None:
    weight = torch.randn(3, 2, 5, 5, generator=torch.Generator().manual_seed(seed))
    weight[1] *= 100
    rounded = _rounded_weight(weight)
    for one, exact in zip(rounded, weight, strict=True):
        scale = exact.abs().max() / 64
        assert torch.allclose(one / scale, (one / scale).round(), atol=1e-3)
        assert (one - exact).abs().max() <= scale / 2 * 1.001
        assert one.abs().max() == pytest.approx(exact.abs().max().item(), rel=1e-5)


@given(SEEDS, st.floats(-2, 2))
def test_what_comes_in_is_of_eight_bits_and_its_zero_is_exact(seed: int, shift: float) -> None:
    given_ = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(seed)) + shift
    given_[0, 0, 0, 0] = 0
    rounded = _rounded_input(given_)
    step = (given_.max().clamp(min=0) - given_.min().clamp(max=0)) / 255
    assert rounded[0, 0, 0, 0] == 0
    assert len(rounded.unique()) <= 256
    assert (rounded - given_).abs().max() <= step * 1.001


def test_nothing_of_nothing() -> None:
    nothing = torch.zeros(1, 1, 3, 3)
    assert _rounded_weight(nothing).equal(nothing)
    assert _rounded_input(nothing).equal(nothing)


def test_gradients_pass_as_if_nothing_was_rounded() -> None:
    weight = torch.randn(2, 2, 3, 3, requires_grad=True)
    _rounded_weight(weight).sum().backward()
    assert weight.grad is not None
    assert weight.grad.equal(torch.ones_like(weight))


def test_a_network_is_itself_again(network: TinyBeauty, pairs: Pairs) -> None:
    photos = to_float(pairs.before)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    exact = network(photos)
    rounded = Rounding(network)(photos)
    assert not rounded.equal(exact)
    assert network(photos).equal(exact)
    assert all(value.equal(before[name]) for name, value in network.state_dict().items())


def test_it_is_the_file_that_it_will_be(network: TinyBeauty, pairs: Pairs, tmp_path: Path) -> None:
    """Nearer to it than the network is: what is left are sums, rounded behind convolutions."""
    photo = to_float(pairs.before[:1])
    file = export_onnx(
        network, 32, tmp_path / "model.onnx", precision="int8",
        calibration=pairs.before[:1].numpy(),
    )  # fmt: skip
    written = torch.from_numpy(OnnxModel(file)(photo.numpy()))

    def distance(made_up: Tensor) -> float:
        return (made_up - written).square().mean().sqrt().item()

    with torch.inference_mode():
        assert distance(Rounding(network)(photo)) < 0.7 * distance(network(photo))


def weights(pairs: Pairs, steps: int, qat: float) -> Tensor:
    torch.manual_seed(0)
    network = TinyBeauty(width=4, blocks=1)
    Training(network, pairs, Schedule(8, 4, 2e-3, qat=qat), 0).advance(steps)
    return torch.cat([weight.flatten() for weight in network.state_dict().values()])


def test_the_last_share_of_the_steps_rounds(pairs: Pairs) -> None:
    assert weights(pairs, 6, qat=0.25).equal(weights(pairs, 6, qat=0))
    assert not weights(pairs, 7, qat=0.25).equal(weights(pairs, 7, qat=0))
    assert not weights(pairs, 1, qat=1).equal(weights(pairs, 1, qat=0))


@pytest.mark.parametrize("axes", [{"norm": "batch"}, {"convolution": "separable"}])
def test_every_kind_of_convolution_can_be_rounded(pairs: Pairs, axes: dict[str, str]) -> None:
    torch.manual_seed(0)
    network = TinyBeauty(4, 1, **axes)
    Training(network, pairs, Schedule(2, 4, 2e-3, qat=1), 0).advance(2)
    assert all(value.isfinite().all() for value in network.state_dict().values())
