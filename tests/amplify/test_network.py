from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from paretint import UserError
from paretint.amplify.network import MULTIPLE, ResidualUNet, load_weights, save_weights
from paretint.amplify.style_code import CODE


def test_parameters(network: ResidualUNet) -> None:
    assert sum(parameter.numel() for parameter in network.parameters()) == 1_699_084


@pytest.mark.parametrize("shape", [(2, 3, MULTIPLE, MULTIPLE), (1, 3, 32, 48)])
def test_gives_a_velocity_of_the_noise_s_shape(
    network: ResidualUNet, shape: tuple[int, ...]
) -> None:
    noisy, masks = torch.randn(shape), torch.zeros(shape[0], 9, *shape[2:])
    time = torch.full(shape[:1], 999)
    with torch.inference_mode():
        velocity = network(noisy, time, torch.rand(shape), masks, torch.zeros(shape[0], CODE))
    assert velocity.shape == shape


@pytest.mark.parametrize("changed", ["noisy", "time", "photo", "masks", "code"])
def test_everything_it_is_given_counts(network: ResidualUNet, changed: str) -> None:
    seen = {
        "noisy": torch.zeros(1, 3, 16, 16),
        "time": torch.tensor([100]),
        "photo": torch.zeros(1, 3, 16, 16),
        "masks": torch.zeros(1, 9, 16, 16),
        "code": torch.zeros(1, CODE),
    }
    with torch.inference_mode():
        first = network(*seen.values())
        second = network(*(seen | {changed: seen[changed] + 1}).values())
    assert not first.equal(second)


def test_weights_come_back_as_half_floats_say_them(network: ResidualUNet, untrained: Path) -> None:
    back = load_weights(untrained).state_dict()
    for name, value in network.state_dict().items():
        assert back[name].dtype == torch.float32
        assert back[name].equal(value.half().float())
    assert untrained.stat().st_size < 3.5e6


def test_metadata_are_kept(network: ResidualUNet, tmp_path: Path) -> None:
    save_weights(network, tmp_path / "x.safetensors", {"data": "procedural faces"})
    with safe_open(tmp_path / "x.safetensors", "pt") as file:
        assert file.metadata() == {"data": "procedural faces"}


def test_an_absent_base(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^/.*/no\.safetensors: no amplifier base can be read"):
        load_weights(tmp_path / "no.safetensors")


def test_a_file_that_holds_no_weights(tmp_path: Path) -> None:
    (tmp_path / "text.safetensors").write_text("no weights")
    with pytest.raises(UserError, match="no amplifier base can be read here"):
        load_weights(tmp_path / "text.safetensors")


@pytest.mark.parametrize("spoil", ["a name less", "a name more", "another shape"])
def test_weights_of_another_layout(untrained: Path, tmp_path: Path, spoil: str) -> None:
    weights = load_file(untrained)
    name = "unet.conv_in.weight"
    match spoil:
        case "a name less":
            del weights[name]
        case "a name more":
            weights["unet.conv_in.scale"] = torch.zeros(1)
        case "another shape":
            weights[name] = weights[name][:, :8].contiguous()
    save_file(weights, tmp_path / "other.safetensors")
    with pytest.raises(UserError, match=r"other\.safetensors: these weights do not fit rdm-small"):
        load_weights(tmp_path / "other.safetensors")
