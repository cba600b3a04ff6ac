"""Makeup by region: the lips of one style with the eyes of another, each as strong as wanted.

TinyBeauty, section on the fine-grained makeup module: styles are combined by the face's masks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from paretint.amplify.residual import Residuals
from paretint.regions import partition


class Share(NamedTuple):
    """What a region gets: photos taken apart by one style, and how strong, l_m, 0..2."""

    made: Residuals
    strength: float


def mixed(shares: Mapping[str, Share], regions: Tensor, detail: float) -> Tensor:
    """Return photos made up region by region, float32 [N, 3, S, S] in [0, 1].

    shares: what `face`, `lips` and `eyes` get, of the same photos; regions: their label maps,
    uint8 [N, k S, k S]; detail: l_d. Where every style leaves a photo as it is, the mixture does.
    """
    size = shares["face"].made.reconstruction.shape[-1]
    afters = {part: made.after(strength, detail) for part, (made, strength) in shares.items()}
    mixture = torch.zeros_like(afters["face"])
    for part, weight in partition(regions, size).items():
        mixture += weight * afters[part]
    # Shares that sum to one do so up to rounding; a pixel without makeup is exactly the photo's.
    alike = torch.stack([each == afters["face"] for each in afters.values()]).all(dim=0)
    return torch.where(alike, afters["face"], mixture).clamp(0, 1)
