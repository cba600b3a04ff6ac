"""The residual diffusion model (RDM): a photo taken apart, and put together made up.

TinyBeauty, section on the residual diffusion model: F(x) is what diffusion makes of a photo x
without a condition, F(x, c) with the style and the face as its condition c.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


def makeup_residual(conditional: Tensor, reconstruction: Tensor) -> Tensor:
    """Return R_m = F(x, c) - F(x)."""
    return conditional - reconstruction


def detail_residual(photo: Tensor, reconstruction: Tensor) -> Tensor:
    """Return R_d = x - F(x), the detail that diffusion loses."""
    return photo - reconstruction


class Residuals(NamedTuple):
    """Photos taken apart; each float32 [N, 3, S, S], their sum for l_m = 0, l_d = 1 the photo.

    reconstruction: F(x); makeup: R_m; detail: R_d.
    """

    reconstruction: Tensor
    makeup: Tensor
    detail: Tensor

    def after(self, strength: float, detail: float) -> Tensor:
        """Return y = F(x) + l_m R_m + l_d R_d, clipped to [0, 1].

        strength, detail: l_m and l_d, 0..2; the paper's are 1 and 0.8.
        """
        return (self.reconstruction + strength * self.makeup + detail * self.detail).clamp(0, 1)
