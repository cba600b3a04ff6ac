"""Coordinates on a face and soft-edged shapes on them, for a whole batch at once."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from paretint.faces.procedural.people import People


def wide(values: Tensor) -> Tensor:
    """Return [N] as [N, 1, 1], to meet planes [N, S, S]."""
    return values[:, None, None]


@dataclass(frozen=True)
class Canvas:
    """Where every pixel lies, planes float32 [N, S, S].

    x, y: in the photo, -1..1; u, v: on the upright head of unit scale; fu, fv: on its features,
    which yaw and pitch move over the skull; radius: 1 on the outline of the face; pixel: the
    width of one pixel in head units, [N, 1, 1].
    """

    x: Tensor
    y: Tensor
    u: Tensor
    v: Tensor
    fu: Tensor
    fv: Tensor
    radius: Tensor
    pixel: Tensor

    @classmethod
    def of(cls, people: People, size: int) -> Canvas:
        """Lay out the photos of `people`, each `size` pixels square."""
        line = (torch.arange(size) + 0.5) * (2 / size) - 1
        y, x = torch.meshgrid(line, line, indexing="ij")
        dx, dy = x - wide(people.shift[:, 0]), y - wide(people.shift[:, 1])
        cos, sin = wide(people.roll.cos() / people.scale), wide(people.roll.sin() / people.scale)
        u, v = cos * dx + sin * dy, cos * dy - sin * dx
        width = wide(people.face[:, 0]) * (1 - wide(people.jaw) * v.clamp(min=0))
        radius = ((u / width) ** 2 + (v / wide(people.face[:, 1])) ** 2).sqrt()
        bulge = (1 - radius**2).clamp(min=0).sqrt() * 0.3
        fu, fv = u - wide(people.yaw) * bulge, v - wide(people.pitch) * bulge
        return cls(x, y, u, v, fu, fv, radius, wide(2 / size / people.scale))

    def cover(self, distance: Tensor, blur: float = 1.0) -> Tensor:
        """Return how far a shape covers each pixel, 0..1, from its signed distance (inside < 0)."""
        return (0.5 - distance / (blur * self.pixel)).clamp(0, 1)

    def ellipse(self, at: tuple[Tensor, Tensor], half: tuple[Tensor, Tensor]) -> Tensor:
        """Return the signed distance to an ellipse on the features, near enough at its edge.

        at, half: its centre and half axes, each [N].
        """
        du = (self.fu - wide(at[0])) / wide(half[0])
        dv = (self.fv - wide(at[1])) / wide(half[1])
        return ((du**2 + dv**2).sqrt() - 1) * wide(torch.minimum(*half))


def paint(photo: Tensor, colour: Tensor, cover: Tensor) -> None:
    """Lay a colour [N, 3] over photos [..., N, 3, S, S] in place, by a cover [N, S, S]."""
    photo.lerp_(colour[:, :, None, None], cover[:, None])


def clouds(people: int, size: int, cells: int, generator: torch.Generator) -> Tensor:
    """Return smooth noise of unit variance at the cells, [N, S, S]: blotches, folds, shadows."""
    coarse = torch.randn(people, 1, cells, cells, generator=generator)
    return interpolate(coarse, size=(size, size), mode="bilinear", align_corners=True)[:, 0]
