"""Who is in the photo: every number that makes one procedural face differ from another."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor

MONK_TONES = torch.tensor([
    [0.965, 0.929, 0.894], [0.953, 0.906, 0.859], [0.969, 0.918, 0.816], [0.918, 0.855, 0.729],
    [0.843, 0.741, 0.588], [0.627, 0.494, 0.337], [0.510, 0.361, 0.263], [0.376, 0.255, 0.204],
    [0.227, 0.192, 0.165], [0.161, 0.141, 0.125],
])  # fmt: skip
"""The ten tones of the Monk Skin Tone scale, sRGB in [0, 1]: the range of human skin."""

_HAIR = torch.tensor([
    [0.07, 0.05, 0.05], [0.20, 0.12, 0.08], [0.38, 0.24, 0.14], [0.62, 0.46, 0.28],
    [0.84, 0.72, 0.50], [0.55, 0.22, 0.10], [0.70, 0.70, 0.70], [0.60, 0.10, 0.25],
    [0.35, 0.15, 0.45],
])  # fmt: skip
_IRIS = torch.tensor([
    [0.20, 0.12, 0.07], [0.36, 0.24, 0.12], [0.30, 0.42, 0.28], [0.30, 0.45, 0.60],
    [0.45, 0.50, 0.52],
])  # fmt: skip


@dataclass(frozen=True)
class People:
    """A batch of people and how each is photographed. Every field is float32 [N] or [N, C].

    Lengths are in half image heights, angles in radians, colours sRGB in [0, 1].
    """

    skin: Tensor
    flush: Tensor
    lips: Tensor
    hair: Tensor
    iris: Tensor
    cloth: Tensor
    backdrop: Tensor
    shift: Tensor
    roll: Tensor
    scale: Tensor
    yaw: Tensor
    pitch: Tensor
    face: Tensor
    jaw: Tensor
    eye: Tensor
    gaze: Tensor
    openness: Tensor
    brow: Tensor
    mouth: Tensor
    smile: Tensor
    parted: Tensor
    nose: Tensor
    hairline: Tensor
    strands: Tensor
    long_hair: Tensor
    beard: Tensor
    glasses: Tensor
    frame: Tensor
    light: Tensor
    tint: Tensor
    ambient: Tensor
    contrast: Tensor
    noise: Tensor

    def __len__(self) -> int:
        return len(self.roll)

    def take(self, start: int, stop: int) -> People:
        """Return the people start..stop-1."""
        return People(**{f.name: getattr(self, f.name)[start:stop] for f in fields(self)})


class _Draw:
    """Random numbers in the shapes that `People` needs, from one generator."""

    def __init__(self, count: int, generator: torch.Generator) -> None:
        self.count = count
        self.generator = generator

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(self.count, *shape, generator=self.generator)

    def normal(self, sigma: float, *shape: int) -> Tensor:
        return sigma * torch.randn(self.count, *shape, generator=self.generator)

    def sometimes(self, chance: float) -> Tensor:
        return (torch.rand(self.count, generator=self.generator) < chance).float()

    def between(self, palette: Tensor) -> Tensor:
        """Return colours [N, 3] anywhere along a palette [P, 3]."""
        place = self.uniform(0, len(palette) - 1.001)
        low = place.long()
        return torch.lerp(palette[low], palette[low + 1], (place - low)[:, None])

    def one_of(self, palette: Tensor) -> Tensor:
        """Return colours [N, 3] near those of a palette [P, 3]."""
        index = torch.randint(len(palette), (self.count,), generator=self.generator)
        return (palette[index] + self.normal(0.04, 3)).clamp(0, 1)


def draw_people(count: int, generator: torch.Generator) -> People:
    """Return `count` people: all human skin tones alike often, and free light, pose and hair."""
    draw = _Draw(count, generator)
    skin = (draw.between(MONK_TONES) + draw.normal(0.02, 3)).clamp(0.05, 1)
    redness = torch.tensor([0.02, -0.16, -0.12]) * draw.uniform(0.4, 1.6, 1)
    return People(
        skin=skin,
        flush=draw.uniform(0, 0.12),
        lips=(skin * 0.92 + redness + draw.normal(0.03, 3)).clamp(0.05, 1),
        hair=draw.one_of(_HAIR),
        iris=draw.one_of(_IRIS),
        cloth=draw.uniform(0, 1, 3),
        backdrop=draw.uniform(0, 1, 2, 3),
        shift=draw.uniform(-0.14, 0.14, 2),
        roll=draw.normal(0.16),
        scale=draw.uniform(0.85, 1.4),
        yaw=draw.uniform(-0.6, 0.6),
        pitch=draw.uniform(-0.25, 0.25),
        face=torch.stack([draw.uniform(0.50, 0.64), draw.uniform(0.68, 0.80)], 1),
        jaw=draw.uniform(0.05, 0.40),
        eye=torch.stack([draw.uniform(0.21, 0.28), draw.uniform(-0.20, -0.10),
                         draw.uniform(0.09, 0.14), draw.uniform(0.3, 0.6)], 1),
        gaze=draw.uniform(-0.35, 0.35, 2),
        openness=draw.uniform(0.25, 1.1) * (1 - 0.85 * draw.sometimes(0.08)),
        brow=torch.stack([draw.uniform(0.10, 0.20), draw.uniform(0.012, 0.035),
                          draw.uniform(-0.25, 0.35), draw.uniform(0.3, 0.95)], 1),
        mouth=torch.stack([draw.uniform(0.13, 0.23), draw.uniform(0.30, 0.42),
                           draw.uniform(0.025, 0.055), draw.uniform(0.035, 0.075)], 1),
        smile=draw.uniform(-0.35, 1.0),
        parted=draw.uniform(0.005, 0.09) * draw.sometimes(0.45),
        nose=torch.stack([draw.uniform(0.06, 0.12), draw.uniform(0.08, 0.18)], 1),
        hairline=torch.stack([draw.uniform(-0.68, -0.30), draw.uniform(-0.5, 0.5),
                              draw.uniform(-0.3, 0.9)], 1),
        strands=torch.stack([draw.sometimes(0.35), draw.uniform(-0.5, 0.5),
                             draw.uniform(-0.5, 0.5), draw.uniform(-0.6, 0.6),
                             draw.uniform(0.015, 0.10)], 1),
        long_hair=draw.uniform(0.4, 1.1) * draw.sometimes(0.6),
        beard=draw.uniform(0.15, 0.9) * draw.sometimes(0.22),
        glasses=draw.sometimes(0.22),
        frame=torch.cat([draw.uniform(0, 0.6, 3), draw.uniform(0.13, 0.20, 1),
                         draw.uniform(0.010, 0.035, 1), draw.uniform(0, 0.35, 1)], 1),
        light=torch.stack([draw.uniform(-1, 1), draw.uniform(-1, 0.5), draw.uniform(0.35, 1)], 1),
        tint=1 + draw.normal(0.06, 3),
        ambient=draw.uniform(0.35, 0.9),
        contrast=draw.uniform(0.75, 1.2),
        noise=draw.uniform(0, 0.02),
    )  # fmt: skip
