"""The quality gate: an amplified pair must change a face as the source pairs changed theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from paretint.config import Gate as Limits
from paretint.faces import Faces, Pairs, to_float
from paretint.regions import PARTS, changed, zones

VERSION = 2

_LUMINANCE = (0.299, 0.587, 0.114)
_COARSE = 1 / 16
"""Radius, as a share of the side, of the blur that is taken off to leave structure."""

_UNCHANGED = 0.1
"""A change weaker than this share of the source pairs' weakest is none."""

_LEAST = 0.5
"""Area in pixels below which a zone of a face is taken for absent."""


@dataclass(frozen=True)
class _Face:
    """One photo [3, S, S] in [0, 1], its zones [Z, S, S] and where makeup may be, bool [S, S]."""

    photo: Tensor
    zones: Tensor
    makeup: Tensor

    @classmethod
    def of(cls, photo: Tensor, regions: Tensor | None, parts: Sequence[str]) -> _Face:
        """Prepare a uint8 photo and its label map; one zone, the whole, where there is none."""
        size = photo.shape[-1]
        if regions is None:
            everywhere = torch.ones(1, size, size)
            return cls(to_float(photo), everywhere, everywhere[0].bool())
        makeup = changed(regions[None], size, parts)[0, 0] > 0
        return cls(to_float(photo), zones(regions[None], size)[0] * makeup, makeup)

    def outside(self, after: Tensor) -> float:
        """Return the share of the squared change that lies where makeup cannot be, 0..1."""
        square = (after - self.photo).square().sum(dim=0)
        whole = square.sum()
        return float(square[~self.makeup].sum() / whole) if whole else 0.0

    def structure(self, after: Tensor) -> float:
        """Return the correlation of the fine luminance before and after, -1..1."""
        before, now = _fine(self.photo)[self.makeup], _fine(after)[self.makeup]
        norm = before.norm() * now.norm()
        return float((before * now).sum() / norm) if norm else 1.0

    def amount(self, after: Tensor) -> float:
        """Return the root mean square of the change where makeup can be; 0 where it cannot."""
        changed = (after - self.photo)[:, self.makeup]
        return float(changed.square().mean().sqrt()) if changed.numel() else 0.0

    def change(self, after: Tensor) -> Tensor:
        """Return the mean change of each zone, float32 [Z, 3]; not a number where it is absent."""
        area = self.zones.sum(dim=(1, 2))
        area = torch.where(area < _LEAST, torch.nan, area)
        return torch.einsum("zhw,chw->zc", self.zones, after - self.photo) / area[:, None]


@dataclass(frozen=True)
class Gate:
    """What the source pairs show of a style, and how far from it a pair may be.

    changes: the mean colour change of each source pair's zones, float32 [k, Z, 3], not a number
    where a face lacks the zone; size: the norm of their mean; strength: l_m of the pairs that are
    judged, as a share of which they differ; least_amount: the weakest change, 0..1;
    least_structure: the least that their makeup leaves of a face's, -1..1. Structure is that of
    fine luminance: it tells a blurred or another face, and is no network that recognises people.
    """

    limits: Limits
    parts: tuple[str, ...]
    strength: float
    changes: Tensor
    size: float
    least_amount: float
    least_structure: float

    @classmethod
    def of(
        cls, source: Pairs, limits: Limits, parts: Sequence[str] = PARTS, strength: float = 1.0
    ) -> Gate:
        """Read a gate off the source pairs; parts: what makeup may change; strength: l_m."""
        befores = Faces(source.names, source.before, source.regions)
        faces, afters = _faces(befores, parts), to_float(source.after)
        seen = list(zip(faces, afters, strict=True))
        changes = torch.stack([face.change(after) for face, after in seen])
        return cls(
            limits,
            tuple(parts),
            strength,
            changes,
            float(changes.nanmean(dim=0).nan_to_num().norm().clamp(min=1e-6)),
            min(face.amount(after) for face, after in seen),
            min(face.structure(after) for face, after in seen),
        )

    def verdicts(self, before: Faces, after: Tensor) -> list[str | None]:
        """Return why each after (uint8 [N, 3, S, S]) is rejected, or None.

        `unchanged`: next to nothing differs from the before; `outside`: too much of its change
        lies where makeup cannot be; `identity`: too little of the face's structure is left;
        `residual`: its change is no source pair's.
        """
        faces = _faces(before, self.parts)
        return [self._verdict(face, y) for face, y in zip(faces, to_float(after), strict=True)]

    def _verdict(self, face: _Face, after: Tensor) -> str | None:
        if face.amount(after) < _UNCHANGED * self.strength * self.least_amount:
            return "unchanged"
        if face.outside(after) > self.limits.outside:
            return "outside"
        if face.structure(after) < self.least_structure - self.limits.identity:
            return "identity"
        return "residual" if self.distance(face.change(after)) > self.limits.residual else None

    def distance(self, change: Tensor) -> float:
        """Return how far a change [Z, 3] is from the nearest source pair's, in sizes of the style.

        Zones that either face lacks are left out; infinite where none is left.
        """
        apart = (self.strength * self.changes - change).square().sum(dim=2)
        shared = ~apart.isnan()
        if not shared.any():
            return float("inf")
        # As if the missing zones differed as the others do: a face without brows is no nearer.
        mean = apart.nansum(dim=1) / shared.sum(dim=1)
        return float((mean * apart.shape[1]).sqrt().nan_to_num(nan=torch.inf).min() / self.size)


def _faces(faces: Faces, parts: Sequence[str]) -> list[_Face]:
    known = faces.regions if faces.regions is not None else [None] * len(faces)
    return [
        _Face.of(photo, regions, parts) for photo, regions in zip(faces.photos, known, strict=True)
    ]


def _fine(photo: Tensor) -> Tensor:
    """Return the luminance of a photo [3, S, S] without what is coarse, [S, S]."""
    luminance = torch.einsum("chw,c->hw", photo, torch.tensor(_LUMINANCE))
    radius = max(1, round(photo.shape[-1] * _COARSE))
    coarse = avg_pool2d(
        luminance[None], 2 * radius + 1, stride=1, padding=radius, count_include_pad=False
    )
    return luminance - coarse[0]
