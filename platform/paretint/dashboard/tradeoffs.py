"""What a score owes to each parameter, and what that costs, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import polars as pl

from paretint.config import Goal
from paretint.dashboard.controls import Select
from paretint.dashboard.state import State
from paretint.dashboard.view import RunView
from paretint.front import (
    PARAM,
    Estimate,
    Importance,
    Recipes,
    ScoreGrid,
    Step,
    complete,
    goal_of,
    importances,
    levels,
    measure,
    recipes,
    score_grids,
    steps,
    with_columns,
)

NONE = "none"
BEST = "best"
_SCORES = ("quality.psnr", "quality.ssim", "quality.lpips", "speed.fps", "size.onnx_bytes")
_AXES = ("param.amplified", "param.pairs", "param.width")
"""What lies across, down and by itself, where these vary; else the first others that do."""


@dataclass(frozen=True)
class TradeAsking:
    """All that a reader may set: the score, the parameters along the axes, and which grid is drawn
    as lines.
    """

    score: Select
    across: Select
    down: Select
    by: Select
    at: Select


@dataclass(frozen=True)
class SliceLine:
    """A score along the parameter across, at one value of the parameter down.

    points: the place of each value across that was tried, and the best recipe's score there.
    """

    name: str
    points: tuple[tuple[int, Estimate], ...]


@dataclass(frozen=True)
class Slices:
    """One grid's rows as lines.

    Attributes:
        score: the column, and goal: which way it is better.
        across: the parameter across, and ticks: its values.
        where: at which value of the third parameter, empty where there is none.
        lines: one for each value of the parameter down that was tried.
    """

    score: str
    goal: Goal
    across: str
    ticks: tuple[str, ...]
    where: str
    lines: tuple[SliceLine, ...]


@dataclass(frozen=True)
class TradeOffs:
    """All that the page of trade-offs shows, as plain data.

    Attributes:
        score: the column, and goal: which way it is better.
        recipes: how many were scored.
        paired: whether intervals are of gains over the unchanged photo, see `Recipes`.
        across, down, by: the columns of the parameters along a grid's axes.
        grids: one for each value of the parameter by itself.
        slices: the rows of the grid that the reader chose, or that holds the best recipe.
        steps: what each next value of each parameter adds.
        alone: parameters for which no two recipes differ in nothing else.
        importances: of the parameters, the greatest first.
    """

    score: str
    goal: Goal
    recipes: int
    paired: bool
    across: str
    down: str | None
    by: str | None
    grids: tuple[ScoreGrid, ...]
    slices: Slices
    steps: tuple[Step, ...]
    alone: tuple[str, ...]
    importances: tuple[Importance, ...]


def trade_asking(run: RunView, state: State) -> TradeAsking | None:
    """What may be asked of the complete trials of ``run``; None where nothing varies in them.

    The values that lines may be for are those of the parameter that ``state`` has by itself.
    """
    done = complete(run.trials)
    objectives = [objective.column for objective in run.experiment.objectives]
    scores = {name: measure(name).title for name in _known(done, [*objectives, *_SCORES])}
    params = [c for c in done.columns if c.startswith(PARAM) and done[c].n_unique() > 1]
    if not scores or not params:
        return None
    wanted = dict.fromkeys([*(name for name in _AXES if name in params), *params])
    across, down, by = [*wanted, NONE, NONE][:3]
    names = {name: param_title(name) for name in params}
    optional = {**names, NONE: "nothing"}
    first = next((name for name in scores if name.startswith("quality.")), next(iter(scores)))
    each = Select("by", "A grid for each", optional, by)
    return TradeAsking(
        score=Select("score", "Score", scores, first),
        across=Select("across", "Across", names, across),
        down=Select("down", "Down", optional, down),
        by=each,
        at=_places(done, state.read(each)),
    )


def _places(done: pl.DataFrame, by: str) -> Select:
    """At which value of the parameter by itself lines are drawn."""
    texts = () if by == NONE else levels(done, by).texts
    options = {BEST: "the best recipe", **{text: f"{param_title(by)} {text}" for text in texts}}
    return Select("at", "Lines at", options, BEST)


def param_title(column: str) -> str:
    """What people call a parameter."""
    return column.removeprefix(PARAM).replace("_", " ")


def _known(done: pl.DataFrame, names: Iterable[str]) -> list[str]:
    """The columns that hold unlike numbers."""
    wanted = dict.fromkeys(names)
    rows = with_columns(done, wanted)
    return [name for name in wanted if rows[name].drop_nulls().n_unique() > 1]


def trade_offs(run: RunView, asked: TradeAsking, state: State) -> TradeOffs:
    """What ``state`` asks for; a parameter that is on an axis already is on no second one."""
    score, across = state.read(asked.score), state.read(asked.across)
    down = _free(state.read(asked.down), across)
    by = _free(state.read(asked.by), across, down)
    goal = goal_of(score, run.experiment.objectives)
    found = recipes(run.trials, score, goal)
    grids = score_grids(found, across, down, by)
    gained = steps(found)
    stepped = {step.column for step in gained}
    return TradeOffs(
        score=score,
        goal=goal,
        recipes=found.table.height,
        paired=found.paired,
        across=across,
        down=down,
        by=by,
        grids=grids,
        slices=_slices(found, grids, (across, down, by), state.read(asked.at)),
        steps=gained,
        alone=tuple(param_title(column) for column in found.params if column not in stepped),
        importances=importances(found),
    )


def _free(column: str, *taken: str | None) -> str | None:
    return None if column == NONE or column in taken else column


def _slices(
    found: Recipes, grids: Sequence[ScoreGrid], axes: tuple[str, str | None, str | None], at: str
) -> Slices:
    across, down, by = axes
    grid = next((grid for grid in grids if grid.by == at), None) or _holds_best(grids, found.goal)
    name = "" if down is None else param_title(down)
    lines = (
        SliceLine(f"{name} {text}".strip(), _points(row))
        for text, row in zip(grid.down, grid.cells, strict=True)
    )
    return Slices(
        score=found.column,
        goal=found.goal,
        across=across,
        ticks=grid.across,
        where="" if by is None else f"{param_title(by)} {grid.by}",
        lines=tuple(line for line in lines if line.points),
    )


def _points(row: Sequence[Estimate | None]) -> tuple[tuple[int, Estimate], ...]:
    return tuple((place, cell) for place, cell in enumerate(row) if cell is not None)


def _holds_best(grids: Sequence[ScoreGrid], goal: Goal) -> ScoreGrid:
    sign = 1 if goal == "maximize" else -1
    return max(
        grids,
        key=lambda grid: max(
            (sign * cell.value for row in grid.cells for cell in row if cell), default=-inf
        ),
    )
