"""The layers of a procedural face, from the backdrop to the camera's noise."""

from __future__ import annotations

import torch
from torch import Tensor

from paretint.faces.procedural.anatomy import Masks
from paretint.faces.procedural.canvas import Canvas, clouds, paint, wide
from paretint.faces.procedural.people import People

_TEETH = torch.tensor([0.88, 0.84, 0.78])
_DARK = torch.tensor([0.10, 0.05, 0.05])
_WHITE = torch.tensor([0.90, 0.88, 0.86])


def behind(canvas: Canvas, people: People, masks: Masks, generator: torch.Generator) -> Tensor:
    """Return photos [N, 3, S, S] of what lies behind the face: backdrop, hair, neck, clothes."""
    size = canvas.x.shape[-1]
    drift = (clouds(len(people), size, 4, generator) * 0.35 + 0.5 + 0.3 * canvas.y).clamp(0, 1)
    first, second = people.backdrop[:, 0], people.backdrop[:, 1]
    photo = torch.lerp(first[:, :, None, None], second[:, :, None, None], drift[:, None])
    paint(photo, people.hair * 0.8, masks.back_hair)
    paint(photo, people.skin * 0.82, masks.neck)
    paint(photo, people.cloth, masks.cloth)
    return photo


def skin(
    both: Tensor,
    canvas: Canvas,
    people: People,
    masks: Masks,
    styles: Tensor,
    generator: torch.Generator,
) -> None:
    """Lay skin on both photos; foundation, blush and eye shadow on the second."""
    size = canvas.x.shape[-1]
    blotches = 0.035 * clouds(len(people), size, 8, generator)
    spots = 0.03 * clouds(len(people), size, size // 2, generator)
    paint(both, people.skin, masks.skin)
    uneven = ((blotches + spots) * masks.skin)[:, None].expand(-1, 3, -1, -1).clone()
    cheek_u, cheek_v = people.eye[:, 0] * 1.15, people.eye[:, 1] + 0.30
    flushed = _spot(canvas, cheek_u, cheek_v, people.face[:, 0] * 0.4) * wide(people.flush)
    uneven[:, 1:] -= (flushed * masks.skin)[:, None]
    shade = 1 - 0.22 * masks.socket * masks.skin - 0.18 * _nose(canvas, people) * masks.skin
    before, after = both
    before.add_(uneven).mul_(shade[:, None])
    after.add_(uneven * (1 - 0.85 * styles[:, 25])[:, None, None, None])
    tint = 1 + (0.5 * styles[:, 12:15] - 0.25) * styles[:, 25:]
    after.mul_(torch.lerp(torch.ones_like(after), tint[:, :, None, None], masks.skin[:, None]))
    _blush_and_shadow(after, canvas, people, masks, styles)
    after.mul_(shade[:, None])


def _blush_and_shadow(
    after: Tensor, canvas: Canvas, people: People, masks: Masks, styles: Tensor
) -> None:
    height = people.eye[:, 1] + 0.42 - 0.25 * styles[:, 24]
    radius = people.face[:, 0] * (0.25 + 0.25 * styles[:, 23])
    blush = _spot(canvas, people.eye[:, 0] * 1.3, height, radius)
    paint(after, styles[:, 9:12], 0.7 * blush * masks.skin * wide(styles[:, 22]))
    reach = (masks.lid * (0.9 + 1.4 * wide(styles[:, 18]))).clamp(0, 1)
    paint(after, styles[:, 3:6], reach * wide(styles[:, 17]))


def _spot(canvas: Canvas, u: Tensor, v: Tensor, radius: Tensor) -> Tensor:
    """Return a soft spot on both sides of the face, [N, S, S]."""
    far = (canvas.fu.abs() - wide(u)) ** 2 + (canvas.fv - wide(v)) ** 2
    near = (1 - far / wide(radius) ** 2).clamp(min=0)
    return near * near.sqrt()


def _nose(canvas: Canvas, people: People) -> Tensor:
    """Return the shadow of the nose: its flank away from the light, and the nostrils."""
    half, tip = wide(people.nose[:, 0]), wide(people.nose[:, 1])
    side = torch.where(wide(people.light[:, 0]) > 0, -canvas.fu, canvas.fu)
    flank = (1 - ((side - half * 0.8) / (half * 0.6)) ** 2).clamp(min=0)
    flank = flank * (canvas.fv > -0.15) * (canvas.fv < tip)
    nostril = ((canvas.fu.abs() - half * 0.55) / 0.03) ** 2 + ((canvas.fv - tip) / 0.018) ** 2
    return flank + 2.5 * (1 - nostril).clamp(min=0)


def face(both: Tensor, canvas: Canvas, people: People, masks: Masks, styles: Tensor) -> None:
    """Draw beard, lips, mouth, eyes and brows on both photos; lipstick and liner on the second."""
    after = both[1]
    beard = canvas.cover(0.16 - canvas.fv, 12) * masks.skin * wide(people.beard)
    paint(both, people.hair * 0.7, beard * (1 - masks.lips))
    paint(both, people.lips, masks.lips)
    paint(after, styles[:, 0:3], masks.lips * wide(styles[:, 15]))
    paint(both, _DARK.expand(len(people), 3), masks.mouth)
    teeth = canvas.cover(canvas.fv - wide(people.mouth[:, 1]), 2) * masks.mouth * 0.9
    paint(both, _TEETH.expand(len(people), 3), teeth)
    _draw_eyes(both, canvas, people, masks)
    paint(both, _DARK.expand(len(people), 3), 0.7 * masks.lash)
    paint(after, styles[:, 6:9], _liner(canvas, people, styles) * wide(styles[:, 19]) * masks.skin)
    paint(both, people.hair * 0.55, masks.brows)


def _draw_eyes(both: Tensor, canvas: Canvas, people: People, masks: Masks) -> None:
    apart, height, half, _ = (wide(column) for column in people.eye.T)
    paint(both, _WHITE.expand(len(people), 3), masks.eyes)
    across = canvas.fu.abs() - apart - half * wide(people.gaze[:, 0]) * canvas.fu.sign()
    far = (across**2 + (canvas.fv - height - 0.03 * wide(people.gaze[:, 1])) ** 2).sqrt()
    paint(both, people.iris, canvas.cover(far - half * 0.52) * masks.eyes)
    paint(both, _DARK.expand(len(people), 3), canvas.cover(far - half * 0.24) * masks.eyes)


def _liner(canvas: Canvas, people: People, styles: Tensor) -> Tensor:
    """Return the stroke along the upper lid and its wing, [N, S, S]."""
    apart, height, half, aspect = (wide(column) for column in people.eye.T)
    along = (canvas.fu.abs() - apart) / half
    edge = -half * aspect * wide(people.openness) * (1 - along**2).clamp(min=0)
    lift = edge - 0.12 * half * (along - 1).clamp(min=0) * 4
    width = 0.010 + 0.028 * wide(styles[:, 20])
    stroke = canvas.cover((canvas.fv - height - lift + width / 2).abs() - width / 2 - 0.004)
    end = 1.05 + 0.6 * wide(styles[:, 21])
    return stroke * (along > -1.0) * (along < end)


def light(both: Tensor, canvas: Canvas, people: People, masks: Masks, styles: Tensor) -> None:
    """Shade the head as an ellipsoid under one lamp; add the highlight of glossy lips."""
    width, height = wide(people.face[:, 0]), wide(people.face[:, 1])
    nu, nv = canvas.u / width, canvas.v / height
    nz = (1 - nu**2 - nv**2).clamp(min=0.02).sqrt()
    to_lamp = people.light / people.light.norm(dim=1, keepdim=True)
    lu, lv, lz = (wide(column) for column in to_lamp.T)
    lambert = (nu * lu + nv * lv + nz * lz).clamp(min=0)
    ambient = wide(people.ambient)
    shade = (ambient + (1.15 - ambient) * lambert).clamp(max=1.15)
    head = torch.maximum(masks.skin, 0.7 * masks.neck)
    both.mul_(torch.lerp(torch.ones_like(shade), shade, head)[:, None])
    lower = (canvas.fv - wide(people.mouth[:, 1]) - 0.025) / 0.02
    gloss = (1 - (lower / 1.5) ** 2 - (canvas.fu / wide(people.mouth[:, 0]) / 0.7) ** 2).clamp(
        min=0
    )
    both[1].add_((0.35 * gloss * masks.lips * wide(styles[:, 16]) * lambert)[:, None])


def in_front(
    both: Tensor, canvas: Canvas, people: People, masks: Masks, generator: torch.Generator
) -> None:
    """Draw what hides makeup as it hides skin: hair over the face, and glasses."""
    size = canvas.x.shape[-1]
    gleam = 1 + 0.25 * clouds(len(people), size, size // 4, generator)
    hair = people.hair[:, :, None, None] * gleam[:, None]
    both.lerp_(hair, masks.front_hair[:, None])
    glare = masks.lens * wide(people.frame[:, 5]) * (canvas.fu + canvas.fv * 0.6 + 0.2).clamp(0, 1)
    paint(both, _WHITE.expand(len(people), 3), glare)
    paint(both, people.frame[:, :3], masks.frame)


def camera(both: Tensor, people: People, generator: torch.Generator) -> None:
    """Tint, contrast and noise of the photo, the same before and after."""
    both.mul_(people.tint[:, :, None, None])
    both.sub_(0.45).mul_(wide(people.contrast)[:, None]).add_(0.45)
    grain = torch.randn(both.shape[1], 1, *both.shape[3:], generator=generator)
    both.add_(grain * wide(people.noise)[:, None])
