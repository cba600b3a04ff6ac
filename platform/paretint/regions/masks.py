"""Masks from label maps: where makeup can be, where the eyes are, how regions feed a network.

A label map [N, k S, k S] may be finer than the photo [N, 3, S, S] that it belongs to, k times a
side: a mask of size S then says what share of each pixel a region covers. Lips are a few pixels
of a small photo, and their edges carry the look.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from paretint.faces.labels import Region

CHANNELS = len(Region)
"""Channels of `encode`."""

PARTS = ("face", "lips", "eyes")
"""The parts of a face that makeup may change."""

_LIDS = 1 / 12


def of(regions: Tensor, size: int, *chosen: Region) -> Tensor:
    """Return the share of each pixel in any of the chosen regions, float32 [N, 1, S, S], 0..1."""
    inside = torch.zeros_like(regions, dtype=torch.bool)
    for region in chosen:
        inside |= regions == int(region)
    return _shares(inside[:, None], size)


def dilate(mask: Tensor, pixels: int) -> Tensor:
    """Return a mask [N, 1, S, S], 0 or more, grown by `pixels` on every side."""
    grown = pad(mask, (pixels,) * 4)
    for axis in (2, 3):
        grown = _running_maximum(grown, axis, 2 * pixels + 1)
    return grown


def encode(regions: Tensor, size: int) -> Tensor:
    """Return a label map as channels, float32 [N, 9, S, S], one for each `Region`, 0..1."""
    ids = torch.arange(CHANNELS, device=regions.device)
    return _shares(regions[:, None] == ids.view(1, -1, 1, 1), size)


def around_eyes(regions: Tensor, size: int) -> Tensor:
    """Return M_eyes, the eyes with lids and lash line, float32 [N, 1, S, S], 0..1."""
    return dilate(of(regions, size, Region.EYES), max(1, round(size * _LIDS)))


def changed(regions: Tensor, size: int, parts: Sequence[str] = PARTS) -> Tensor:
    """Return M_changed = M_face + M_lips + M_eyes, float32 [N, 1, S, S], 0..2.

    parts: which of the three are added. Lips and eyes count on top of the face: they are small
    and carry the look (TinyBeauty, section on the fine-grained makeup module). The face is grown
    by a pixel, since makeup tints the pixel that an edge shares; no mask goes beyond it.
    """
    bare = (Region.SKIN, Region.BROWS, Region.EYES, Region.LIPS, Region.MOUTH)
    face = dilate(of(regions, size, *bare), 1)
    fine = torch.zeros_like(face)
    if "lips" in parts:
        fine = of(regions, size, Region.LIPS)
    if "eyes" in parts:
        fine = torch.maximum(fine, around_eyes(regions, size))
    return face * (fine + int("face" in parts))


def partition(regions: Tensor, size: int) -> dict[str, Tensor]:
    """Return how much of a pixel is whose of PARTS, each float32 [N, 1, S, S]; they sum to 1.

    Lips are the lips, eyes all that `around_eyes` covers, and the face is the rest.
    """
    lips = of(regions, size, Region.LIPS)
    eyes = around_eyes(regions, size) * (1 - lips)
    return {"face": 1 - lips - eyes, "lips": lips, "eyes": eyes}


def zones(regions: Tensor, size: int) -> Tensor:
    """Return eyes, lids, lips, brows and the other skin as channels, float32 [N, 5, S, S], 0..1."""
    eyes, skin = of(regions, size, Region.EYES), of(regions, size, Region.SKIN)
    lids = around_eyes(regions, size) * skin
    lips, brows = of(regions, size, Region.LIPS), of(regions, size, Region.BROWS)
    return torch.cat([eyes, lids, lips, brows, skin - lids], dim=1)


def _running_maximum(mask: Tensor, axis: int, window: int) -> Tensor:
    """Return the greatest of each `window` values along an axis, which loses window - 1 of them.

    The window doubles at each turn: a pooling, which looks at all of it, takes fifty times as long.
    """
    covered = 1
    while covered < window:
        shift = min(covered, window - covered)
        left = mask.shape[axis] - shift
        mask = torch.maximum(mask.narrow(axis, 0, left), mask.narrow(axis, shift, left))
        covered += shift
    return mask


def _shares(inside: Tensor, size: int) -> Tensor:
    """Return the share of each pixel that is inside, of [N, C, k S, k S] bool.

    Raises ValueError where the map is no whole number of times as fine as the mask.
    """
    finer, rest = divmod(inside.shape[-1], size)
    if rest or finer < 1:
        raise ValueError(f"a map of {inside.shape[-1]} pixels a side has no mask of {size}")
    return inside.float() if finer == 1 else avg_pool2d(inside.float(), finer)
