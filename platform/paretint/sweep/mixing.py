"""The grid of makeup by region: lips and face of each style, with the eyes of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from rich.console import Console
from torch import Tensor

from paretint.amplify import AmplifyJob, Residuals, Share, SheetRow, mixed, taken_apart
from paretint.errors import UserError
from paretint.faces import Faces, to_bytes
from paretint.sweep.amplifying import at_work
from paretint.sweep.cluster import connected_ray
from paretint.sweep.progress import Board, following


class Style(NamedTuple):
    """A style as the grid names it, and the amplifier that draws it."""

    name: str
    job: AmplifyJob


class Strengths(NamedTuple):
    """How strong the makeup of each region is, l_m, 0..2."""

    face: float = 1.0
    lips: float = 1.0
    eyes: float = 1.0


def faces_to_mix(styles: Sequence[Style], count: int) -> Faces:
    """Return the first faces that the first style's experiment would amplify.

    Raises UserError where the styles' photos differ in size, or regions are not known.
    """
    chosen = styles[0].job.data.unlabelled.take(0, count)
    if chosen.regions is None:
        raise UserError(
            f"{styles[0].name}: makeup by region needs to know lips and eyes; name a parser with"
            " regions.parser"
        )
    size = chosen.photos.shape[-1]
    for name, job in styles:
        side = job.data.source.before.shape[-1]
        if side != size:
            raise UserError(f"{name}: its photos have {side} pixels a side, the first's {size}")
    return chosen


def draw_styles(
    styles: Sequence[Style],
    faces: Faces,
    workers: int | None,
    address: str | None,
    console: Console,
) -> list[Residuals]:
    """Return the faces taken apart by every style; amplifiers that are missing are fine-tuned.

    Raises UserError where no cluster answers.
    """
    with connected_ray(address, styles[0].job.store), at_work(workers) as (board, actors):
        tell = partial(Board(board).post, "amplifiers:")
        with following(console, board):
            return taken_apart([style.job for style in styles], faces, actors, tell)


def mix_rows(
    faces: Faces,
    names: Sequence[str],
    made: Sequence[Residuals],
    strengths: Strengths,
    detail: float,
) -> tuple[list[str], list[SheetRow]]:
    """Return the heads and the rows of the grid: a row for each face and each style of its lips.

    made: the faces taken apart by each style; detail: l_d.
    """
    heads = ["before", *(f"eyes of {name}" for name in names)]
    grid = [[_mixed(faces, lips, eyes, strengths, detail) for eyes in made] for lips in made]
    rows = [
        SheetRow(f"lips of {name}", (faces.photos[face], *(cell[face] for cell in cells)))
        for face in range(len(faces))
        for name, cells in zip(names, grid, strict=True)
    ]
    return heads, rows


def _mixed(
    faces: Faces, lips: Residuals, eyes: Residuals, strengths: Strengths, detail: float
) -> Tensor:
    assert faces.regions is not None  # `faces_to_mix` sees to it
    shares = {
        "face": Share(lips, strengths.face),
        "lips": Share(lips, strengths.lips),
        "eyes": Share(eyes, strengths.eyes),
    }
    return to_bytes(mixed(shares, faces.regions, detail))
