"""Image tokens in the place of text: 32 say whose face it is, 32 what the makeup looks like.

TinyBeauty, section on the fine-grained makeup module: one projection serves both, so that a face
and a style lie in one space.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate
from transformers import CLIPVisionModelWithProjection
from transformers.utils.constants import OPENAI_CLIP_MEAN, OPENAI_CLIP_STD

COUNT = 32
"""Tokens of a face, and of a style."""

_GREY = 0.5


class Tokens(nn.Module):
    """Projects the encoder's features to tokens of the U-Net's cross-attention."""

    def __init__(self, features: int, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(features, COUNT * width)
        self.norm = nn.LayerNorm(width)

    def forward(self, identity: Tensor, style: Tensor) -> Tensor:
        """Return the condition, [N, 64, width], of features [N, F] of faces and of exemplars."""
        both = torch.stack([identity, style], dim=1)
        tokens = self.project(both).unflatten(2, (COUNT, -1))
        condition: Tensor = self.norm(tokens).flatten(1, 2)
        return condition


def exemplar(after: Tensor, makeup: Tensor) -> Tensor:
    """Return photos that show makeup and nothing else, float32 [N, 3, S, S].

    after: [N, 3, S, S] in [0, 1]; makeup: [N, 1, S, S], zero where there can be none.
    """
    return torch.where(makeup > 0, after, _GREY)


@torch.no_grad()
def features(encoder: CLIPVisionModelWithProjection, photos: Tensor) -> Tensor:
    """Return the image features, float32 [N, F], of photos [N, 3, S, S] in [0, 1]."""
    side: Any = encoder.config.image_size
    mean, std = (
        torch.tensor(numbers, device=photos.device).view(1, 3, 1, 1)
        for numbers in (OPENAI_CLIP_MEAN, OPENAI_CLIP_STD)
    )
    small = interpolate(photos, (side, side), mode="bicubic", antialias=True).clamp(0, 1)
    seen: Tensor = encoder(((small - mean) / std).to(encoder.dtype)).image_embeds
    return seen.float()
