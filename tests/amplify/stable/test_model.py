from __future__ import annotations

from pathlib import Path

import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from paretint import UserError
from paretint.amplify.stable.model import ATTENTION, Model, _prepare
from paretint.config import Adapter

LORA, FULL = Adapter(), Adapter(kind="full")


@pytest.mark.parametrize(
    ("adapter", "learned"),
    [(LORA, 797_184), (Adapter(rank=16), 4 * 797_184), (FULL, 859_520_964)],
    ids=["lora", "rank 16", "full"],
)
def test_what_learns_of_the_full_sized_model(adapter: Adapter, learned: int) -> None:
    with torch.device("meta"):
        unet = UNet2DConditionModel(cross_attention_dim=768, attention_head_dim=8)
        _prepare(unet, adapter)
    assert sum(each.numel() for each in unet.parameters() if each.requires_grad) == learned


def read(pipeline: Path, encoder: Path, adapter: Adapter, seed: int = 0) -> Model:
    return Model.read(pipeline, encoder, adapter, torch.float32, seed)


def test_lora_stands_beside_every_projection_of_attention(pipeline: Path, encoder: Path) -> None:
    model = read(pipeline, encoder, LORA)
    own = {name for name, each in model.unet.named_parameters() if each.requires_grad}
    layers = {name.partition(".lora_")[0] for name in own}
    assert layers == {name for name, _ in model.unet.named_modules() if name.endswith(ATTENTION)}
    assert all(".lora_" in name for name in own)
    assert len(own) == 2 * len(layers) > 0


@pytest.mark.parametrize("adapter", [LORA, FULL], ids=["lora", "full"])
def test_what_was_learned_can_be_saved_and_read(
    pipeline: Path, encoder: Path, adapter: Adapter
) -> None:
    model, other = (read(pipeline, encoder, adapter, seed) for seed in (0, 1))
    with torch.no_grad():
        for each in model.learned():
            each.add_(torch.randn(each.shape, generator=torch.Generator().manual_seed(2)))
    other.load(model.state())
    given = torch.randn(1, 4, 8, 8), torch.tensor([7]), torch.randn(1, 64, 16)
    with torch.inference_mode():
        assert torch.equal(model.unet(*given).sample, other.unet(*given).sample)
    assert torch.equal(model.tokens.project.weight, other.tokens.project.weight)
    count = sum(each.numel() for each in model.state().values())
    assert count == sum(each.numel() for each in model.learned())


def test_new_weights_follow_from_the_seed(pipeline: Path, encoder: Path) -> None:
    first, again, other = (read(pipeline, encoder, LORA, seed).state() for seed in (0, 0, 1))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["tokens.project.weight"], other["tokens.project.weight"])


def test_latents_are_scaled_and_come_back_as_photos(pipeline: Path, encoder: Path) -> None:
    model = read(pipeline, encoder, LORA)
    photos = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        latents = model.encode(photos)
        mode = model.vae.encode(photos * 2 - 1).latent_dist.mode()
        back = model.decode(latents)
    assert latents.shape == (2, 4, 8, 8)
    assert torch.allclose(latents, mode * 0.18215)
    assert back.shape == photos.shape
    assert 0 <= back.min() <= back.max() <= 1


def test_a_side_must_halve_as_often_as_the_networks(pipeline: Path, encoder: Path) -> None:
    model = read(pipeline, encoder, LORA)
    model.check_size(32)
    with pytest.raises(UserError, match=r"faces.size 36: this base needs a multiple of 8$"):
        model.check_size(36)


def test_weights_that_do_not_fit_their_configuration_are_told(
    pipeline: Path, encoder: Path, tmp_path: Path
) -> None:
    import json
    import shutil

    other = Path(shutil.copytree(pipeline, tmp_path / "sd"))
    config = other / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"cross_attention_dim": 24}))
    with pytest.raises(UserError, match="these weights cannot be read") as raised:
        read(other, encoder, LORA)
    assert "\n" not in str(raised.value)
