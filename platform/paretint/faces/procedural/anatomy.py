"""Where every part of a procedural face is, as masks."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from paretint.faces.procedural.canvas import Canvas, clouds, wide
from paretint.faces.procedural.people import People


@dataclass(frozen=True)
class Masks:
    """How far each part covers each pixel, float32 [N, S, S], 0..1."""

    back_hair: Tensor
    neck: Tensor
    cloth: Tensor
    skin: Tensor
    lips: Tensor
    mouth: Tensor
    eyes: Tensor
    lid: Tensor
    lash: Tensor
    socket: Tensor
    brows: Tensor
    front_hair: Tensor
    frame: Tensor
    lens: Tensor


def measure(canvas: Canvas, people: People, generator: torch.Generator) -> Masks:
    """Work out where every part of every face is."""
    waves = clouds(len(people), canvas.x.shape[-1], 9, generator)
    skin = canvas.cover((canvas.radius - 1) * wide(people.face[:, 0]))
    eyes, lid, lash, socket = _eyes(canvas, people)
    lips, mouth = _lips(canvas, people)
    back, front = _hair(canvas, people, waves)
    frame, lens = _glasses(canvas, people)
    ears = _ears(canvas, people)
    neck = canvas.cover(canvas.u.abs() - 0.30) * (canvas.v > 0.2)
    shoulders = (canvas.u / 1.2) ** 2 + ((canvas.v - 1.55) / 0.6) ** 2
    return Masks(
        back_hair=back,
        neck=neck,
        cloth=canvas.cover((shoulders.sqrt() - 1) * 0.6),
        skin=torch.maximum(skin, ears),
        lips=lips * skin,
        mouth=mouth * skin,
        eyes=eyes * skin,
        lid=lid * skin,
        lash=lash * skin,
        socket=socket * skin,
        brows=_brows(canvas, people) * skin,
        front_hair=front,
        frame=frame,
        lens=lens,
    )


def _ears(canvas: Canvas, people: People) -> Tensor:
    side = canvas.u.abs() - wide(people.face[:, 0])
    distance = (((side / 0.07) ** 2 + ((canvas.v + 0.05) / 0.16) ** 2).sqrt() - 1) * 0.07
    return canvas.cover(distance)


def _eyes(canvas: Canvas, people: People) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the open eyes, the lids down to the crease, the lash line, the whole socket."""
    apart, height, half, aspect = (wide(column) for column in people.eye.T)
    along = (canvas.fu.abs() - apart) / half
    arch = (1 - along**2).clamp(min=-1.5)
    above = canvas.fv - height
    opening = half * aspect * wide(people.openness)
    upper, lower = -opening * arch, 0.6 * opening * arch
    eyes = canvas.cover(torch.maximum(upper - above, above - lower))
    over = (upper - above) / (half * 0.9)
    beside = (1.25 - along.abs()).clamp(0, 0.4) / 0.4
    lid = (over > 0) * (1 - over).clamp(0, 1) * beside
    lash = canvas.cover((above - upper).abs() - 0.010) * (along.abs() < 1.05)
    socket = (1 - (along / 1.8) ** 2 - ((above + 0.03) / (half * 1.5)) ** 2).clamp(0, 1)
    return eyes, lid, lash, socket


def _lips(canvas: Canvas, people: People) -> tuple[Tensor, Tensor]:
    """Return the lips without the opening between them, and the opening."""
    half, height, top, bottom = (wide(column) for column in people.mouth.T)
    half = half * (1 + 0.2 * wide(people.smile).clamp(min=0))
    along = canvas.fu / half
    above = canvas.fv - height + wide(people.smile) * 0.06 * (along**2 - 0.3)
    arch = (1 - along**2).clamp(min=-1.5)
    bow = 1 - 0.30 * (1 - (along / 0.28) ** 2).clamp(min=0)
    gap = wide(people.parted) * arch
    outer = torch.maximum(-above - top * arch * bow - gap / 2, above - bottom * arch - gap / 2)
    inner = above.abs() - gap / 2
    mouth = canvas.cover(inner) * (wide(people.parted) > 0)
    return canvas.cover(outer) * (1 - mouth), mouth


def _brows(canvas: Canvas, people: People) -> Tensor:
    lift, thick, tilt, density = (wide(column) for column in people.brow.T)
    apart, height, half = (wide(column) for column in people.eye.T[:3])
    along = (canvas.fu.abs() - apart - 0.01) / (half * 1.35)
    curve = height - lift - 0.035 * (1 - along**2) + tilt * 0.05 * along
    shape = (canvas.fv - curve).abs() - thick * (1.1 - 0.5 * along.clamp(-1, 1))
    return canvas.cover(shape, 1.5) * (along.abs() < 1) * density


def _hair(canvas: Canvas, people: People, waves: Tensor) -> tuple[Tensor, Tensor]:
    """Return the hair behind the head, and what falls over the face: fringe and strands."""
    width, height = wide(people.face[:, 0]), wide(people.face[:, 1])
    dome = ((canvas.u / (width * 1.22)) ** 2 + ((canvas.v + 0.08) / (height * 1.15)) ** 2).sqrt()
    lengths = wide(people.long_hair)
    curtain = (canvas.u.abs() - width * 1.2 - 0.04 * waves) + (canvas.v - lengths).clamp(min=0)
    back = torch.maximum(
        canvas.cover((dome - 1) * width) * (canvas.v < 0.1),
        canvas.cover(curtain) * (lengths > 0) * (canvas.v > -0.3),
    )
    line, tilt, curve = (wide(column) for column in people.hairline.T)
    edge = line + 0.25 * tilt * canvas.u + curve * canvas.u**2 + 0.03 * waves
    fringe = canvas.cover(canvas.v - edge, 2) * canvas.cover((dome - 1) * width)
    there, start, slope, bend, thick = (wide(column) for column in people.strands.T)
    path = start + slope * (canvas.v + 0.5) + bend * (canvas.v + 0.5) ** 2 + 0.02 * waves
    strand = canvas.cover((canvas.u - path).abs() - thick, 2) * there * (canvas.v < 0.5)
    return back, torch.maximum(fringe, strand * (dome < 1.1))


def _glasses(canvas: Canvas, people: People) -> tuple[Tensor, Tensor]:
    apart, height = people.eye[:, 0], people.eye[:, 1]
    radius, rim = wide(people.frame[:, 3]), wide(people.frame[:, 4])
    across = canvas.fu.abs() - wide(apart)
    down = canvas.fv - wide(height)
    squares = across**2, (down * 1.25) ** 2
    ring = (squares[0] ** 2 + squares[1] ** 2).sqrt().sqrt() - radius
    bridge = torch.maximum(down.abs() - rim, canvas.fu.abs() - wide(apart) + radius)
    temple = torch.maximum((down + 0.03).abs() - rim, radius - across)
    temple = torch.maximum(temple, canvas.radius - 1.05)
    worn = wide(people.glasses)
    frame = torch.minimum(torch.minimum(ring.abs() - rim, bridge), temple)
    return canvas.cover(frame) * worn, canvas.cover(ring) * worn
