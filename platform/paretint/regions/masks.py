"""Masks from label maps: where makeup can be, where the eyes are, how regions feed a network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, one_hot

from paretint.faces.labels import Region

CHANNELS = len(Region)
"""Channels of `encode`."""

PARTS = ("face", "lips", "eyes")
"""The parts of a face that makeup may change."""

_LIDS = 1 / 12


def of(regions: Tensor, *chosen: Region) -> Tensor:
    """Return where any of the chosen regions is, float32 [N, 1, S, S] of 0 and 1."""
    inside = torch.zeros_like(regions, dtype=torch.bool)
    for region in chosen:
        inside |= regions == int(region)
    return inside[:, None].float()


def dilate(mask: Tensor, pixels: int) -> Tensor:
    """Return a mask [N, 1, S, S] grown by `pixels` on every side."""
    return max_pool2d(mask, 2 * pixels + 1, stride=1, padding=pixels)


def encode(regions: Tensor) -> Tensor:
    """Return a label map as channels, float32 [N, 9, S, S], one for each `Region`."""
    return one_hot(regions.long(), CHANNELS).permute(0, 3, 1, 2).float()


def around_eyes(regions: Tensor) -> Tensor:
    """Return M_eyes, the eyes with lids and lash line, float32 [N, 1, S, S]."""
    reach = max(1, round(regions.shape[-1] * _LIDS))
    return dilate(of(regions, Region.EYES), reach)


def changed(regions: Tensor, parts: Sequence[str] = PARTS) -> Tensor:
    """Return M_changed = M_face + M_lips + M_eyes, float32 [N, 1, S, S], values 0, 1 or 2.

    parts: which of the three are added. Lips and eyes count on top of the face: they are small
    and carry the look (TinyBeauty, section on the fine-grained makeup module). The face is grown
    by a pixel, since makeup tints the pixel that an edge shares; no mask goes beyond it.
    """
    bare = (Region.SKIN, Region.BROWS, Region.EYES, Region.LIPS, Region.MOUTH)
    face = dilate(of(regions, *bare), 1)
    fine = torch.zeros_like(face)
    if "lips" in parts:
        fine = of(regions, Region.LIPS)
    if "eyes" in parts:
        fine = torch.maximum(fine, around_eyes(regions))
    return face * (fine + int("face" in parts))
