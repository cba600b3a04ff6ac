"""A Stable Diffusion of a few thousand parameters, saved in the layout of the real one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from paretint.compat import mend_torchvision

mend_torchvision()  # before diffusers loads it

from diffusers import AutoencoderKL, PNDMScheduler, UNet2DConditionModel
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from paretint.config import StableDiffusion
from paretint.faces import STYLES, Pairs, render_pairs

SIZE = 32
WIDTH = 16
FEATURES = 12


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny base: four pixels a latent, two levels of a U-Net."""
    folder = tmp_path_factory.mktemp("tiny-sd")
    torch.manual_seed(0)
    UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=4,
    ).save_pretrained(folder / "unet")
    AutoencoderKL(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        latent_channels=4,
        norm_num_groups=4,
    ).save_pretrained(folder / "vae")
    PNDMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
    ).save_pretrained(folder / "scheduler")
    return folder


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny image encoder."""
    folder = tmp_path_factory.mktemp("tiny-clip")
    torch.manual_seed(1)
    config = CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=16,
        patch_size=8,
        projection_dim=FEATURES,
    )
    CLIPVisionModelWithProjection(config).save_pretrained(folder)
    return folder


@pytest.fixture
def stable(pipeline: Path, encoder: Path) -> StableDiffusion:
    return StableDiffusion(
        base="stable-diffusion",
        weights=str(pipeline),
        image_encoder=str(encoder),
        precision="fp32",
        fine_tune_steps=2,
        learning_rate=1e-3,
        batch=2,
        steps=2,
        noising=0.5,
        gate=None,
        part=4,
    )


@pytest.fixture(scope="session")
def pairs() -> Pairs:
    return render_pairs(STYLES["plum"].vector(), 3, SIZE, seed=1)
