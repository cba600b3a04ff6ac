"""Stable Diffusion's parts in memory, and what is fine-tuned of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from peft import LoraConfig, get_peft_model_state_dict, set_peft_model_state_dict
from torch import Tensor
from transformers import CLIPVisionModelWithProjection

from paretint.amplify.stable.tokens import Tokens
from paretint.config import Adapter
from paretint.errors import UserError

ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
"""The projections of every attention that LoRA stands beside."""

_UNET = "unet."
_TOKENS = "tokens."


@dataclass(frozen=True)
class Model:
    """The U-Net and its tokens, which learn; the autoencoder and the encoder, which do not."""

    unet: UNet2DConditionModel
    tokens: Tokens
    vae: AutoencoderKL
    encoder: CLIPVisionModelWithProjection
    schedule: DDIMScheduler
    adapter: Adapter

    @classmethod
    def read(
        cls, pipeline: Path, encoder: Path, adapter: Adapter, dtype: torch.dtype, seed: int
    ) -> Model:
        """Read the parts from their folders; what learns is float32, the rest of type `dtype`.

        The tokens' projection is new: its weights follow from the seed. Raises UserError where
        weights do not fit their configuration.
        """
        try:
            seen = CLIPVisionModelWithProjection.from_pretrained(encoder, dtype=dtype)
            vae = AutoencoderKL.from_pretrained(pipeline / "vae", torch_dtype=dtype)
            kept = torch.float32 if adapter.kind == "full" else dtype
            unet = UNet2DConditionModel.from_pretrained(pipeline / "unet", torch_dtype=kept)
            schedule = DDIMScheduler.from_pretrained(
                pipeline / "scheduler",
                clip_sample=False,
                set_alpha_to_one=False,
                timestep_spacing="trailing",  # the first step is at the noisiest level asked for
            )
        except (OSError, ValueError, RuntimeError) as error:
            why = str(error).partition("\n")[0]
            raise UserError(f"{pipeline}: these weights cannot be read: {why}") from None
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            tokens = Tokens(seen.config.projection_dim, unet.config["cross_attention_dim"])
            _prepare(unet, adapter)
        for still in (vae, seen):
            still.requires_grad_(False).eval()
        return cls(unet, tokens, vae, seen, schedule, adapter)

    def to(self, device: torch.device) -> Self:
        """Move everything to a device."""
        parts: tuple[torch.nn.Module, ...] = (self.unet, self.tokens, self.vae, self.encoder)
        for part in parts:
            part.to(device)
        return self

    @property
    def device(self) -> torch.device:
        """Where the parts are."""
        return self.tokens.norm.weight.device

    def learned(self) -> list[torch.nn.Parameter]:
        """Return the parameters that fine-tuning changes."""
        own = [each for each in self.unet.parameters() if each.requires_grad]
        return own + list(self.tokens.parameters())

    def state(self) -> dict[str, Tensor]:
        """Return what fine-tuning has changed, on the CPU."""
        lora = self.adapter.kind == "lora"
        unet = get_peft_model_state_dict(self.unet) if lora else self.unet.state_dict()
        named = {_UNET + name: value for name, value in unet.items()}
        named |= {_TOKENS + name: value for name, value in self.tokens.state_dict().items()}
        return {name: value.detach().cpu().contiguous() for name, value in named.items()}

    def load(self, state: dict[str, Tensor]) -> None:
        """Take what `state` returned."""
        unet, tokens = (
            {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
            for prefix in (_UNET, _TOKENS)
        )
        if self.adapter.kind == "lora":
            set_peft_model_state_dict(self.unet, unet)
        else:
            self.unet.load_state_dict(unet)
        self.tokens.load_state_dict(tokens)

    def encode(self, photos: Tensor) -> Tensor:
        """Return the latents, float32 [N, 4, h, w], of photos [N, 3, S, S] in [0, 1]."""
        told = self.vae.encode((photos * 2 - 1).to(self.vae.dtype)).latent_dist.mode()
        latents: Tensor = told.float() * self.vae.config["scaling_factor"]
        return latents

    def decode(self, latents: Tensor) -> Tensor:
        """Return the photos, float32 [N, 3, S, S] in [0, 1], of latents."""
        scaled = (latents / self.vae.config["scaling_factor"]).to(self.vae.dtype)
        photos: Tensor = self.vae.decode(scaled, return_dict=False)[0].float()
        return (photos / 2 + 0.5).clamp(0, 1)

    @property
    def fold(self) -> int:
        """Pixels to a latent, a side."""
        return 1 << (len(self.vae.config["block_out_channels"]) - 1)

    def check_size(self, side: int) -> None:
        """Raise UserError where photos of a side do not halve as often as the networks halve."""
        multiple = self.fold << (len(self.unet.config["block_out_channels"]) - 1)
        if side % multiple:
            raise UserError(f"faces.size {side}: this base needs a multiple of {multiple}")


def _prepare(unet: UNet2DConditionModel, adapter: Adapter) -> None:
    """Leave what learns, and nothing else, with gradients."""
    if adapter.kind == "full":
        unet.requires_grad_(True)
        return
    unet.requires_grad_(False)
    rank = adapter.rank
    unet.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=list(ATTENTION)))
    for each in unet.parameters():
        if each.requires_grad:
            each.data = each.data.float()
