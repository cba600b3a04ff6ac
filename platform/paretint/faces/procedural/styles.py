"""Makeup looks as numbers: named ones for experiments, random ones to train the base on."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import torch
from torch import Tensor

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Style:
    """One makeup look. Colours are sRGB in [0, 1]; every other field runs from 0 to 1.

    *_opacity: cover over the bare skin; lips_gloss: strength of the highlight; shadow_extent:
    how far towards the brow; liner_width, liner_wing: thickness and length beyond the eye;
    blush_size, blush_height: radius, and place from the jaw to the eye; base, foundation: the
    tint of the foundation (0.5 is the skin's own tone) and how far it covers and evens out.
    """

    lips: Colour
    shadow: Colour
    liner: Colour
    blush: Colour
    base: Colour
    lips_opacity: float
    lips_gloss: float
    shadow_opacity: float
    shadow_extent: float
    liner_opacity: float
    liner_width: float
    liner_wing: float
    blush_opacity: float
    blush_size: float
    blush_height: float
    foundation: float

    def vector(self) -> Tensor:
        """Return the style as float32 [26], in the order of the fields."""
        values: list[float] = []
        for field in astuple(self):
            values.extend(field if isinstance(field, tuple) else (field,))
        return torch.tensor(values)


STYLES: dict[str, Style] = {
    "rose": Style(
        (0.72, 0.16, 0.30), (0.62, 0.36, 0.40), (0.10, 0.07, 0.08),
        (0.90, 0.42, 0.46),
        (0.80, 0.66, 0.68),
        0.80, 0.5, 0.50, 0.55, 0.85, 0.45, 0.4, 0.40, 0.5, 0.5, 0.6,
    ),
    "plum": Style(
        (0.42, 0.08, 0.26), (0.42, 0.22, 0.55), (0.06, 0.04, 0.10),
        (0.78, 0.36, 0.52),
        (0.72, 0.70, 0.78),
        0.90, 0.2, 0.70, 0.80, 0.95, 0.60, 0.8, 0.35, 0.6, 0.6, 0.4,
    ),
    "coral": Style(
        (0.94, 0.38, 0.30), (0.86, 0.62, 0.40), (0.24, 0.14, 0.08),
        (0.98, 0.56, 0.42),
        (0.84, 0.68, 0.50),
        0.70, 0.8, 0.45, 0.40, 0.70, 0.30, 0.2, 0.50, 0.4, 0.4, 0.8,
    ),
}  # fmt: skip

_LOW = torch.tensor([
    0.25, 0.02, 0.05, 0.05, 0.05, 0.05, 0.00, 0.00, 0.00, 0.55, 0.20, 0.20,
    0.30, 0.30, 0.30, 0.30, 0.0, 0.10, 0.20, 0.30, 0.15, 0.0, 0.05, 0.2, 0.2, 0.0,
])  # fmt: skip
_HIGH = torch.tensor([
    1.00, 0.70, 0.70, 0.95, 0.90, 0.95, 0.30, 0.30, 0.40, 1.00, 0.65, 0.70,
    0.90, 0.90, 0.90, 0.95, 1.0, 0.85, 1.00, 1.00, 0.80, 1.0, 0.70, 0.9, 0.9, 1.0,
])  # fmt: skip

HELD_OUT_DISTANCE = 0.2
"""Least root-mean-square distance of a random style's colours from every named style's."""

_COLOURS = 15


def random_styles(count: int, generator: torch.Generator) -> Tensor:
    """Return `count` random styles, float32 [count, 26], none near a named one.

    The named styles belong to experiments: a base that had met them would have been told the
    answer.
    """
    named = torch.stack([style.vector() for style in STYLES.values()])[:, :_COLOURS]
    kept = torch.empty(0, len(_LOW))
    while len(kept) < count:
        drawn = _LOW + (_HIGH - _LOW) * torch.rand(2 * count, len(_LOW), generator=generator)
        distance = torch.cdist(drawn[:, :_COLOURS], named) / _COLOURS**0.5
        kept = torch.cat([kept, drawn[distance.min(dim=1).values > HELD_OUT_DISTANCE]])
    return kept[:count]
