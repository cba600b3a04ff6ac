"""Flips, moves and tints of whole batches: before, after and regions are treated as one."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

TURN = math.radians(15)
ZOOM = 0.12
MOVE = 0.10

LIGHT = 0.3
HUE = 0.1
GAMMA = 0.2


def jitter(
    before: Tensor, after: Tensor, regions: Tensor | None, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Return the batch flipped at random and moved by up to 15 degrees, 12 % size, 5 % place.

    before, after: float32 [N, 3, S, S]; regions: uint8 [N, k S, k S] or None. Photos are sampled
    bilinearly with their border repeated, labels by the nearest.
    """
    moves = _moves(len(before), generator)
    moved = _moved(torch.cat([before, after], dim=1), moves, "bilinear")
    if regions is not None:
        regions = _moved(regions[:, None].float(), moves, "nearest")[:, 0].to(torch.uint8)
    return moved[:, :3], moved[:, 3:], regions


def move(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return float32 images [N, C, S, S], each flipped and moved as `jitter` does with photos.

    Photos and masks of one face, stacked as channels, move as one, and in one sampling. The same
    generator, the processor's, moves them alike on every device.
    """
    return _moved(images, _moves(len(images), generator), "bilinear")


def tint(before: Tensor, after: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the batch as other cameras and lamps would show it, each pair in its own light.

    before, after: float32 [N, 3, S, S] in [0, 1]. Both get one gain, exp(+-0.3), one for each
    channel, exp(+-0.1), and one gamma, exp(+-0.2): makeup learned from a few faces then holds on
    skins that they did not show.
    """
    count = len(before)

    def draw(limit: float, channels: int) -> Tensor:
        drawn = 2 * torch.rand(count, channels, 1, 1, generator=generator) - 1
        return (limit * drawn).exp()

    gain, gamma = draw(LIGHT, 1) * draw(HUE, 3), draw(GAMMA, 1)
    first, second = ((photo**gamma * gain).clamp(0, 1) for photo in (before, after))
    return first, second


def _moved(images: Tensor, moves: Tensor, mode: str) -> Tensor:
    grid = affine_grid(moves.to(images), list(images.shape), align_corners=False)
    return grid_sample(images, grid, mode, "border", align_corners=False)


def _moves(count: int, generator: torch.Generator) -> Tensor:
    """Draw affine matrices [count, 2, 3] as `affine_grid` takes them."""

    def draw(limit: float, *shape: int) -> Tensor:
        return limit * (2 * torch.rand(count, *shape, generator=generator) - 1)

    turn, zoom = draw(TURN), 1 + draw(ZOOM)
    flip = (torch.rand(count, generator=generator) < 0.5).float() * 2 - 1
    cos, sin = zoom * turn.cos(), zoom * turn.sin()
    rows = torch.stack([cos * flip, -sin, sin * flip, cos], dim=1).view(count, 2, 2)
    return torch.cat([rows, draw(MOVE, 2, 1)], dim=2)
