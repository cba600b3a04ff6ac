"""A style told by example: numbers that say, region by region, what makeup did to a few faces.

It stands where the published amplifier has its style tokens (TinyBeauty, the fine-grained makeup
module): read off the source pairs, not learned, so five pairs are enough to write it.
"""

from __future__ import annotations

import torch
from torch import Tensor

from paretint.regions import zones

_ZONES = 6
_NUMBERS = 9
CODE = _ZONES * _NUMBERS
"""Length of a style code."""


def style_code(before: Tensor, after: Tensor, regions: Tensor | None) -> Tensor:
    """Return the style of k pairs, float32 [CODE].

    before, after: float32 [k, 3, S, S] in [0, 1]; regions: uint8 [k, S, S] or None. For the whole
    photo and, where regions are known, for eyes, lids, lips, brows and the other skin: the mean
    colour, the mean change (times 4) and the opacity, which is how much less the colours differ
    after than before.
    """
    told = torch.zeros(len(before), _ZONES, *before.shape[2:])
    told[:, 0] = 1
    if regions is not None:
        told[:, 1:] = zones(regions, before.shape[-1])
    return torch.stack([_describe(before, after, told[:, i]) for i in range(_ZONES)]).flatten()


def _describe(before: Tensor, after: Tensor, zone: Tensor) -> Tensor:
    """Return nine numbers of one zone [k, S, S]; zeros where it is empty."""
    area = zone.sum()
    if area == 0:
        return torch.zeros(_NUMBERS)
    weight = zone[:, None] / area

    def mean(values: Tensor) -> Tensor:
        return (values * weight).sum(dim=(0, 2, 3))

    colour, change = mean(before), mean(after - before)
    spread = before - colour[:, None, None]
    shrink = mean(spread * (after - before)) / (mean(spread**2) + 1e-3)
    return torch.cat([colour, 4 * change, -shrink.clamp(-2, 2)])
