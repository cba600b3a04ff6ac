"""A network made for photos of one size on photos of another: its makeup is resized."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

Sides = tuple[int, int]
"""Height and width, in pixels."""


def squeezed(photo: Tensor, sides: Sides) -> Tensor:
    """Return photos [N, 3, H, W] in [0, 1] at other sides, antialiased, in 8-bit levels.

    In levels, since that is how a phone hands a photo to a model. Those that have the sides
    already are returned as they are.
    """
    if tuple(photo.shape[2:]) == sides:
        return photo
    return _resized(photo, sides).mul(255).round().div(255)


def made_up_at(sides: Sides, model: Callable[[Tensor], Tensor], photo: Tensor) -> Tensor:
    """Return photos [N, 3, H, W] in [0, 1] made up by a model of photos with the sides given.

    The photo is squeezed to them; the makeup found there is resized (bilinear) and added to the
    photo itself, whose every detail stays (TinyBeauty, ECCV 2024, the released demo). Training,
    scores and products all go this way.
    """
    small = squeezed(photo, sides)
    made_up = model(small)
    if small is photo:
        return made_up
    height, width = photo.shape[2:]
    return (photo + _resized(made_up - small, (height, width))).clamp(0, 1)


def _resized(values: Tensor, sides: Sides) -> Tensor:
    return functional.interpolate(
        values, size=sides, mode="bilinear", align_corners=False, antialias=True
    )
