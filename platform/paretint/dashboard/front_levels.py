"""What trials are held against along one axis: the unchanged photo, and the control model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from paretint.front import with_columns, with_unit

UNCHANGED, CONTROL = "unchanged photo", "control model"

Axis = Literal["x", "y"]
_SIZE = "param.input_size"


@dataclass(frozen=True)
class Level:
    """A value along an axis.

    Attributes:
        axis: which axis.
        value: where on it.
        kind: what reaches it, `UNCHANGED` or `CONTROL`.
        text: what stands beside it.
    """

    axis: Axis
    value: float
    kind: str
    text: str


def levels(done: pl.DataFrame, axis: Axis, name: str) -> tuple[Level, ...]:
    """The levels along an axis that shows the column ``name`` of complete trials."""
    return tuple(
        Level(axis, value, kind, f"{text} {with_unit(name, value)}")
        for kind, found in ((UNCHANGED, _unchanged(done, name)), (CONTROL, _control(done, name)))
        for text, value in found
    )


def _unchanged(done: pl.DataFrame, name: str) -> list[tuple[str, float]]:
    """The unchanged photo's PSNR: what a trial scores less what it gained over the photo."""
    if name != "quality.psnr":
        return []
    gain = f"{name}_gain"
    known = with_columns(done, [name, gain]).select(pl.col(name) - pl.col(gain)).drop_nulls()
    return [(UNCHANGED, known.item(-1, 0))] if known.height else []


def _control(done: pl.DataFrame, name: str) -> list[tuple[str, float]]:
    """The control model's speed, for each size of photos that trials take.

    It is timed beside every trial, whose `relative` is the control model's time over its own. The
    median is taken: what else a machine does weighs on some of these timings.
    """
    prefix, _, figure = name.rpartition(".")
    speed, ratio = pl.col(name), pl.col(f"{prefix}.relative")
    reached = {"fps": speed / ratio, "p50_ms": speed * ratio, "relative": ratio / ratio}
    if not prefix.startswith("speed") or figure not in reached:
        return []
    table = with_columns(done, [name, f"{prefix}.relative", _SIZE])
    found = table.select(_SIZE, value=reached[figure].cast(pl.Float64)).drop_nulls("value")
    sizes = found.group_by(_SIZE).median().sort(_SIZE).rows()
    alone = len(sizes) == 1
    return [(CONTROL if alone else f"{CONTROL} at {size}×{size}", value) for size, value in sizes]
