"""Random views of labelled photos: moved, flipped and recoloured, their maps moved with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from paretint.faces import to_float
from paretint.regions.classes import MIRRORED
from paretint.regions.labelled import Labelled


@dataclass(frozen=True)
class Views:
    """How far views go from the photo.

    turn, shear: degrees to either side; shift: to either side, a share of the photo's side; zoom:
    least and most; brightness, contrast, saturation: to either side of 1; hue: to either side, in
    turns of the colour circle.
    """

    turn: float
    shear: float
    shift: float
    zoom: tuple[float, float]
    brightness: float
    contrast: float
    saturation: float
    hue: float


WIDE = Views(
    turn=30, shear=20, shift=0.1, zoom=(0.5, 3.0),
    brightness=0.5, contrast=1.0, saturation=0.5, hue=0.3,
)  # fmt: skip
"""The published training's (FP-LIIF, section 3.2), for tens of thousands of photos."""

ALIGNED = Views(
    turn=20, shear=10, shift=0.1, zoom=(0.8, 1.4),
    brightness=0.3, contrast=0.3, saturation=0.3, hue=0.03,
)  # fmt: skip
"""For few photos, all cut like those that will be parsed."""


def view(
    labelled: Labelled, chosen: Tensor, views: Views, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Return random views of the chosen photos (int64 [N]) with their maps.

    photos: float32 [N, 3, S, S] in [0, 1]; labels: uint8 [N, S, S], rows of the table; allowed:
    bool [N, S, S, 19], the classes that each pixel may be. Photos are sampled bilinearly and maps
    by the nearest pixel. A flip makes left eyes right ones; what lies outside the photo may be
    any class.
    """
    photos, labels = to_float(labelled.photos[chosen]), labelled.labels[chosen]
    moves, flipped = _moves(len(chosen), views, generator)
    grid = affine_grid(moves, list(photos.shape), align_corners=False)
    moved = grid_sample(photos, grid, padding_mode="border", align_corners=False)
    nearest = grid_sample(labels[:, None].float(), grid, "nearest", "border", align_corners=False)
    labels = nearest[:, 0].to(torch.uint8)
    allowed = labelled.table[labels.long()]
    allowed[flipped] = allowed[flipped][..., MIRRORED]
    allowed |= (grid.abs() > 1).any(dim=-1, keepdim=True)
    recoloured = [_recolour(photo, views, generator) for photo in moved]
    return torch.stack(recoloured), labels, allowed


def _moves(count: int, views: Views, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw affine matrices [count, 2, 3] as `affine_grid` takes them, and which flip [count]."""

    def draw(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    turn = torch.deg2rad(draw(-views.turn, views.turn))
    shear = torch.deg2rad(draw(-views.shear, views.shear)).tan()
    least, most = views.zoom
    zoom = draw(math.log(least), math.log(most)).exp()
    flipped = draw(0, 1) < 0.5
    side = torch.where(flipped, -1.0, 1.0)
    cos, sin = turn.cos() / zoom, turn.sin() / zoom
    rows = [side * cos, shear * cos - sin, side * sin, shear * sin + cos]
    shift = 2 * draw(-views.shift, views.shift, 2, 1)
    return torch.cat([torch.stack(rows, dim=1).view(count, 2, 2), shift], dim=2), flipped


def _recolour(photo: Tensor, views: Views, generator: torch.Generator) -> Tensor:
    """Return a photo [3, S, S] in another light."""
    # Here: it takes seconds to import, and who wants masks alone trains no parser.
    from torchvision.transforms.v2 import functional as colour

    def draw(limit: float) -> float:
        return limit * (2 * torch.rand((), generator=generator).item() - 1)

    photo = colour.adjust_brightness(photo, 1 + draw(views.brightness))
    photo = colour.adjust_contrast(photo, 1 + draw(views.contrast))
    photo = colour.adjust_saturation(photo, 1 + draw(views.saturation))
    recoloured: Tensor = colour.adjust_hue(photo, draw(views.hue))
    return recoloured
