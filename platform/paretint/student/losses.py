"""What a student is trained on (TinyBeauty, training losses)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad, smooth_l1_loss

from paretint.errors import UserError

SMOOTH = 0.1

_WINDOW, _SIGMA = 11, 1.5
_STEADY_MEAN, _STEADY_VARIANCE = 0.01**2, 0.03**2


class Weights(NamedTuple):
    """What each part of the loss counts; one of 0 is not computed."""

    l1: float = 1.0
    ssim: float = 0.0
    perceptual: float = 0.0
    eyeliner: float = 0.5


USUAL = Weights()


def check_weights(weights: Weights) -> None:
    """Raise UserError where nothing counts, or what the perceptual loss needs is not at hand."""
    if not any(weight > 0 for weight in weights):
        raise UserError("no part of the loss counts; give one a weight above 0")
    if weights.perceptual > 0:
        from paretint.quality import lpips_missing

        reason = lpips_missing()
        if reason is not None:
            raise UserError(f"weight_perceptual is above 0, but {reason}")


def student_loss(made_up: Tensor, target: Tensor, eyes: Tensor, weights: Weights = USUAL) -> Tensor:
    """Return the weighted sum of the parts of the loss, a scalar.

    made_up, target: float32 [N, 3, S, S] in [0, 1]; eyes: [N, 1, S, S], 0..1. The weights are such
    that `check_weights` lets pass.
    """
    counted = {name: weight for name, weight in weights._asdict().items() if weight > 0}
    parts = [weight * _PARTS[name](made_up, target, eyes) for name, weight in counted.items()]
    return torch.stack(parts).sum()


def photo_loss(made_up: Tensor, target: Tensor) -> Tensor:
    """Return L1 over the photo, smooth near zero.

    Most pixels of a photo carry no makeup, and the plain L1 is content with their median: a
    network that returns the photo. Quadratic below `SMOOTH`, it learned 1.3 dB more in 400 steps.
    """
    return smooth_l1_loss(made_up, target, beta=SMOOTH)


def ssim_loss(made_up: Tensor, target: Tensor, stride: int = 2) -> Tensor:
    """Return 1 - SSIM (Wang et al. 2004), its Gaussian windows at every second row and column.

    At every one it is `quality.ssim`, whose torchmetrics takes twenty times as long.
    """
    blur = _windows(made_up.shape[-1], stride).to(made_up)

    def mean(values: Tensor) -> Tensor:
        return blur @ values @ blur.T

    ours, theirs = mean(made_up), mean(target)
    variances = mean(made_up.square() + target.square()) - ours.square() - theirs.square()
    covariance = mean(made_up * target) - ours * theirs
    means = (2 * ours * theirs + _STEADY_MEAN) / (ours.square() + theirs.square() + _STEADY_MEAN)
    structure = (2 * covariance + _STEADY_VARIANCE) / (variances + _STEADY_VARIANCE)
    return 1 - (means * structure).mean()


def eyeliner_loss(made_up: Tensor, target: Tensor, eyes: Tensor) -> Tensor:
    """Return ||S(y) - S(y')||^2 over M_eyes: strokes a plain L1 would rather blur.

    made_up, target: float32 [N, 3, S, S] in [0, 1]; eyes: [N, 1, S, S], 0..1; S is the
    Sobel operator, whose linearity allows one pass over the difference. The mean is over the
    masked pixels, so that small eyes weigh as much as large ones.
    """
    top, bottom = _span(eyes.amax((0, 1, 3)))
    left, right = _span(eyes.amax((0, 1, 2)))
    # Repeated, or the border of a photo would count as an edge.
    bordered = pad(made_up - target, (1, 1, 1, 1), mode="replicate")
    across, down = _sobel(bordered[..., top : bottom + 2, left : right + 2])
    masked = (across.square() + down.square()) * eyes[..., top:bottom, left:right]
    return masked.sum() / (eyes.sum() * made_up.shape[1]).clamp(min=1)


def _perceptual(made_up: Tensor, target: Tensor) -> Tensor:
    # Here, since it takes seconds to import, and most students do without.
    from paretint.quality import perceptual_loss

    return perceptual_loss(made_up, target)


_PARTS: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "l1": lambda made_up, target, _: photo_loss(made_up, target),
    "ssim": lambda made_up, target, _: ssim_loss(made_up, target),
    "perceptual": lambda made_up, target, _: _perceptual(made_up, target),
    "eyeliner": eyeliner_loss,
}


def _span(values: Tensor) -> tuple[int, int]:
    """Return where a row of values is above 0, from the first to behind the last; (0, 0) if not."""
    found = values.nonzero()
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, 0)


def _sobel(image: Tensor) -> tuple[Tensor, Tensor]:
    """Return the slopes across and down of [..., H + 2, W + 2], each [..., H, W].

    In differences and sums: a convolution of single channels takes several times as long.
    """
    across = image[..., 2:] - image[..., :-2]
    down = image[..., 2:, :] - image[..., :-2, :]
    return (
        (across[..., :-2, :] + 2 * across[..., 1:-1, :] + across[..., 2:, :]) / 8,
        (down[..., :-2] + 2 * down[..., 1:-1] + down[..., 2:]) / 8,
    )


@lru_cache
def _windows(size: int, stride: int) -> Tensor:
    """Return Gaussian windows over `size` pixels, mirrored at their ends, float32 [.., size]."""
    reach = _WINDOW // 2
    offsets = torch.arange(-reach, reach + 1)
    gaussian = torch.softmax(-((offsets / _SIGMA) ** 2) / 2, dim=0)
    centres = torch.arange(0, size, stride)
    pixels = (centres[:, None] + offsets).abs()
    pixels = torch.where(pixels < size, pixels, 2 * (size - 1) - pixels)
    return torch.zeros(len(centres), size).scatter_add_(
        1, pixels, gaussian.expand(len(centres), -1)
    )
