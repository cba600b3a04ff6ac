"""Stable Diffusion as a base of the amplifier: steered by image tokens, fine-tuned by LoRA."""

from paretint.amplify.stable.base import StableAmplifier, StableBase

__all__ = ["StableAmplifier", "StableBase"]
