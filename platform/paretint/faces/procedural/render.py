"""Draw procedural people before and after makeup, with the exact region of every pixel.

Makeup is laid on the bare skin, before light, beard, hair and glasses: the after is what a
camera would have seen, not a filter over the before.
"""

from __future__ import annotations

import torch
from torch import Tensor

from paretint.faces.data import Pairs, to_bytes
from paretint.faces.labels import Region
from paretint.faces.procedural import layers
from paretint.faces.procedural.anatomy import Masks, measure
from paretint.faces.procedural.canvas import Canvas
from paretint.faces.procedural.people import People, draw_people
from paretint.faces.seeds import seeded

_CHUNK = 32


def render_pairs(styles: Tensor, count: int, size: int, seed: int) -> Pairs:
    """Return `count` procedural faces before and after makeup.

    styles: float32 [26] for one look, or [count, 26] for a look each. Face i depends on
    (seed, i) alone: a larger count begins with the faces of a smaller one.
    """
    each = styles.expand(count, -1)
    chunks = [
        _render_chunk(each[start : start + _CHUNK], size, (seed, start))
        for start in range(0, count, _CHUNK)
    ]
    before, after, regions = (torch.cat(parts) for parts in zip(*chunks, strict=True))
    names = tuple(f"face-{seed}-{index:05d}" for index in range(count))
    return Pairs(names, before, after, regions)


def _render_chunk(styles: Tensor, size: int, seed: tuple[int, int]) -> tuple[Tensor, ...]:
    """Draw a whole chunk and keep what was asked for, so that a cut chunk has the same faces."""
    generator = seeded(*seed)
    people = draw_people(_CHUNK, generator)
    asked = len(styles)
    looks = torch.cat([styles, styles[:1].expand(_CHUNK - asked, -1)])
    before, after, regions = draw(people, looks, size, generator)
    return before[:asked], after[:asked], regions[:asked]


def draw(
    people: People, styles: Tensor, size: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Return uint8 before, after [N, 3, S, S] and regions [N, S, S] of `people` in `styles`."""
    canvas = Canvas.of(people, size)
    masks = measure(canvas, people, generator)
    photo = layers.behind(canvas, people, masks, generator)
    both = torch.stack([photo, photo])
    layers.skin(both, canvas, people, masks, styles, generator)
    layers.face(both, canvas, people, masks, styles)
    layers.light(both, canvas, people, masks, styles)
    layers.in_front(both, canvas, people, masks, generator)
    layers.camera(both, people, generator)
    before, after = to_bytes(both)
    return before, after, label(masks)


def label(masks: Masks) -> Tensor:
    """Return the region that shows at each pixel, uint8 [N, S, S], nearest layer last."""
    regions = torch.zeros(masks.skin.shape, dtype=torch.uint8)
    painted = (
        (Region.HAIR, masks.back_hair), (Region.NECK, masks.neck),
        (Region.BACKGROUND, masks.cloth), (Region.SKIN, masks.skin),
        (Region.LIPS, masks.lips), (Region.MOUTH, masks.mouth), (Region.EYES, masks.eyes),
        (Region.BROWS, masks.brows), (Region.HAIR, masks.front_hair),
        (Region.GLASSES, masks.frame),
    )  # fmt: skip
    for region, cover in painted:
        regions[cover > 0.5] = int(region)
    return regions
