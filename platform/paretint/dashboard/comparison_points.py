"""What the figures of a comparison show, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paretint.config import Objective
from paretint.dashboard.comparison import Comparison
from paretint.dashboard.front_points import Corners, outline
from paretint.dashboard.front_view import front_axes
from paretint.front import Estimate, RunFront, measure, recipe_text, with_unit


@dataclass(frozen=True)
class RecipePoint:
    """A recipe of a front: its values on the axes, and lines that tell of it."""

    x: Estimate
    y: Estimate
    story: tuple[str, ...]


@dataclass(frozen=True)
class FrontLine:
    """One run's front.

    Attributes:
        run: its name.
        points: its recipes, from left to right.
        corners: of the line under which everything is dominated, from one reference to the
            other; empty over more than two objectives, and where nothing beats the reference.
    """

    run: str
    points: tuple[RecipePoint, ...]
    corners: Corners


@dataclass(frozen=True)
class FrontLines:
    """The fronts of several runs over the same axes; quality is upright where there is one."""

    x: Objective
    y: Objective
    lines: tuple[FrontLine, ...]


@dataclass(frozen=True)
class Differences:
    """How far each run is from the first in one number.

    Attributes:
        title, unit: what the number is.
        better: whether more of it is better.
        runs: the other runs' places, 1 for the second.
        over: their differences.
    """

    title: str
    unit: str
    better: bool
    runs: tuple[int, ...]
    over: tuple[Estimate, ...]


def front_lines(compared: Comparison) -> FrontLines:
    """The fronts of all runs as plain data."""
    x, y = front_axes(compared.objectives)
    lines = [_line(s.front, compared.objectives, x, y) for s in compared.standings]
    return FrontLines(x, y, tuple(lines))


def _line(
    front: RunFront, objectives: Sequence[Objective], x: Objective, y: Objective
) -> FrontLine:
    across, up = objectives.index(x), objectives.index(y)
    points = []
    for recipe in front.values[:, across].argsort(kind="stable"):
        values = front.estimates(recipe)
        points.append(RecipePoint(values[across], values[up], _story(front, recipe, objectives)))
    places = [(point.x.value, point.y.value) for point in points]
    corners = outline(places, x, y) if len(objectives) == 2 else ()
    return FrontLine(front.run, tuple(points), corners)


def _story(front: RunFront, recipe: int, objectives: Sequence[Objective]) -> tuple[str, ...]:
    trials = front.trials(recipe)
    values = zip(objectives, front.estimates(recipe), strict=True)
    row = next(row for row in front.rows if row["trial"] == trials[0])
    mean = f", the mean of {len(trials)} seeds" if len(trials) > 1 else ""
    return (
        ", ".join(trials) + mean,
        recipe_text(row),
        *(f"{measure(o.column).title} {with_unit(o.column, value)}" for o, value in values),
    )


def differences(compared: Comparison) -> tuple[Differences, ...]:
    """The hypervolume and the best of each objective, against the first run's."""
    found = []
    for title, objective, numbers in compared.numbers():
        over = {place: n.over for place, n in enumerate(numbers) if n.over is not None}
        found.append(
            Differences(
                title=title,
                unit="" if objective is None else measure(objective.column).unit,
                better=objective is None or objective.goal == "maximize",
                runs=tuple(over),
                over=tuple(over.values()),
            )
        )
    return tuple(found)
