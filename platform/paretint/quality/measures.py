"""How close made-up photos come to the real afters, one number a photo."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from paretint.faces import to_float


def psnr(made_up: Tensor, after: Tensor) -> NDArray[np.float64]:
    """Return the peak signal-to-noise ratio in dB of uint8 photos [N, 3, S, S], float64 [N].

    Equal photos have 8-bit's own bound, as if half a level of one channel of one pixel were wrong.
    """
    error = (made_up.double() - after.double()).square().mean(dim=(1, 2, 3))
    least = 0.25 / after[0].numel()
    decibels: NDArray[np.float64] = (10 * torch.log10(255**2 / error.clamp(min=least))).numpy()
    return decibels


def ssim(made_up: Tensor, after: Tensor) -> NDArray[np.float64]:
    """Return the structural similarity of uint8 photos [N, 3, S, S], at most 1, float64 [N]."""
    # Here: it takes seconds to import, and a process scores long after it has begun.
    from torchmetrics.functional.image import structural_similarity_index_measure

    similarity = structural_similarity_index_measure(
        to_float(made_up), to_float(after), data_range=1.0, reduction="none"
    )
    assert isinstance(similarity, Tensor)
    return similarity.double().numpy()
