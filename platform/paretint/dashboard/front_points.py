"""What the figure of a front shows, as plain data: quality against speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from paretint.config import Objective
from paretint.dashboard.view import RunView
from paretint.errors import UserError
from paretint.front import (
    Estimate,
    complete,
    estimate,
    front,
    measure,
    provenance,
    recipe_text,
    show,
    with_columns,
)

AMPLIFIED = "param.amplified"


@dataclass(frozen=True)
class FrontPoint:
    """One complete trial of the figure.

    Attributes:
        trial: its name.
        x, y: its values on the two axes, with intervals where they were computed.
        on_front: whether no other trial dominates it, over all objectives.
        amplified: whether it was trained on amplified images.
        story: lines that tell its recipe and scores, as plain text.
    """

    trial: str
    x: Estimate
    y: Estimate
    on_front: bool
    amplified: bool
    story: tuple[str, ...]


@dataclass(frozen=True)
class BaselinePoint:
    """A network that the trials are compared with: as `FrontPoint`."""

    name: str
    x: Estimate
    y: Estimate
    story: tuple[str, ...]


@dataclass(frozen=True)
class FrontPicture:
    """All that the figure of a front shows, as plain data.

    Attributes:
        x, y: the objectives on the axes; quality is upright where there is one.
        points: the complete trials.
        stairs: the corners of the line under which everything is dominated, from the
            reference to the front and back; empty where more than two objectives or a front
            that does not beat its reference leave no such line.
        baselines: the networks that the trials are compared with.
        unchanged: what the photo scores on y when nothing is done to it, where that is known.
    """

    x: Objective
    y: Objective
    points: tuple[FrontPoint, ...]
    stairs: tuple[tuple[float, float], ...]
    baselines: tuple[BaselinePoint, ...]
    unchanged: float | None


def front_axes(objectives: Sequence[Objective]) -> tuple[Objective, Objective]:
    """The objectives to put on x and y: the first one of quality upright, else the first.

    Raises:
        UserError: there are fewer than two.
    """
    if len(objectives) < 2:
        raise UserError("a front needs two objectives to be drawn")
    upright = next((o for o in objectives if o.column.startswith("quality.")), objectives[0])
    return next(o for o in objectives if o != upright), upright


def front_picture(run: RunView) -> FrontPicture:
    """The front of ``run`` as plain data.

    Raises:
        UserError: the experiment has fewer than two objectives.
    """
    objectives = run.experiment.objectives
    x, y = front_axes(objectives)
    members = front(run.trials, objectives)
    names = set(members["trial"]) if members.height else set()
    rows = list(complete(run.trials, [o.column for o in objectives]).iter_rows(named=True))
    return FrontPicture(
        x=x,
        y=y,
        points=tuple(_point(row, x, y, row["trial"] in names) for row in rows),
        stairs=_stairs(members, x, y) if len(objectives) == 2 else (),
        baselines=_baselines(run.baselines, x, y),
        unchanged=_unchanged(rows, y),
    )


def _baselines(table: pl.DataFrame, x: Objective, y: Objective) -> tuple[BaselinePoint, ...]:
    rows = with_columns(table, [x.column, y.column]).drop_nulls([x.column, y.column])
    return tuple(
        BaselinePoint(row["trial"], _value(row, x), _value(row, y), _story(row, x, y))
        for row in rows.sort("trial").iter_rows(named=True)
    )


def _value(row: dict[str, Any], objective: Objective) -> Estimate:
    value = estimate(row, objective.column)
    assert value is not None, "only rows with both values are drawn"
    return value


def _point(row: dict[str, Any], x: Objective, y: Objective, on_front: bool) -> FrontPoint:
    amplified = (row.get(AMPLIFIED) or 0) > 0
    values = _value(row, x), _value(row, y)
    return FrontPoint(row["trial"], *values, on_front, amplified, _story(row, x, y))


def _story(row: dict[str, Any], x: Objective, y: Objective) -> tuple[str, ...]:
    columns = dict.fromkeys([y.column, x.column, "size.params", "size.onnx_bytes"])
    scores = (_score(row, column) for column in columns if row.get(column) is not None)
    return (recipe_text(row), *scores)


def _score(row: dict[str, Any], column: str) -> str:
    reading = measure(column)
    told = f"{reading.title} {show(column, estimate(row, column))} {reading.unit}".rstrip()
    origin = provenance(row, column)
    return f"{told} ({origin})" if origin else told


def _stairs(members: pl.DataFrame, x: Objective, y: Objective) -> tuple[tuple[float, float], ...]:
    """The outline of the dominated region, from the reference's x to the reference's y."""
    rows = members.sort(x.column, descending=x.goal == "maximize")
    steps = [
        (across, up)
        for across, up in rows.select(x.column, y.column).iter_rows()
        if _better(across, x) and _better(up, y)
    ]
    if not steps:
        return ()
    corners = [(steps[0][0], y.reference)]
    for across, up in steps:
        corners += [(across, corners[-1][1]), (across, up)]
    return tuple(dict.fromkeys([*corners, (x.reference, corners[-1][1])]))


def _better(value: float, objective: Objective) -> bool:
    if objective.goal == "maximize":
        return value > objective.reference
    return value < objective.reference


def _unchanged(rows: Sequence[dict[str, Any]], y: Objective) -> float | None:
    """The unchanged photo's PSNR: what a trial scores less what it gained over the photo."""
    if y.column != "quality.psnr":
        return None
    known = [row for row in rows if row.get("quality.psnr_gain") is not None]
    return known[-1]["quality.psnr"] - known[-1]["quality.psnr_gain"] if known else None
