"""What a student is trained on (TinyBeauty, training losses)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import conv2d, l1_loss

EYELINER_WEIGHT = 0.5

_SOBEL = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 8


def eyeliner_loss(made_up: Tensor, target: Tensor, eyes: Tensor) -> Tensor:
    """Return ||S(y) - S(y')||^2 over M_eyes: strokes a plain L1 would rather blur.

    made_up, target: float32 [N, 3, S, S] in [0, 1]; eyes: [N, 1, S, S] of 0 and 1; S is the
    Sobel operator, whose linearity allows one pass over the difference. The mean is over the
    masked pixels, so that small eyes weigh as much as large ones.
    """
    kernel = torch.stack([_SOBEL, _SOBEL.T])[:, None].to(made_up)
    difference = (made_up - target).flatten(0, 1)[:, None]
    edges = conv2d(difference, kernel, padding=1).square().sum(dim=1)
    masked = edges.unflatten(0, made_up.shape[:2]) * eyes
    return masked.sum() / (eyes.sum() * made_up.shape[1]).clamp(min=1)


def student_loss(made_up: Tensor, target: Tensor, eyes: Tensor) -> Tensor:
    """Return L1 over the photo plus the weighted eyeliner loss, a scalar."""
    return l1_loss(made_up, target) + EYELINER_WEIGHT * eyeliner_loss(made_up, target, eyes)
