"""What a score owes to each parameter, and what that costs, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from paretint.config import Goal
from paretint.dashboard.state import State
from paretint.dashboard.tradeoff_asking import Axes, TradeAsking, param_title
from paretint.front import (
    Estimate,
    Importances,
    Recipes,
    ScoreGrid,
    Step,
    importances,
    score_grids,
    steps,
)


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
        importances: of the parameters.
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
    importances: Importances


def trade_offs(asked: TradeAsking, state: State) -> TradeOffs:
    """What ``state`` asks for; a parameter that is on an axis already is on no second one."""
    found = asked.recipes
    axes = asked.axes(state)
    across, down, by = axes
    grids = score_grids(found, across, down, by)
    gained = steps(found)
    stepped = {step.column for step in gained}
    return TradeOffs(
        score=found.column,
        goal=found.goal,
        recipes=found.table.height,
        paired=found.paired,
        across=across,
        down=down,
        by=by,
        grids=grids,
        slices=_slices(found, grids, axes, state.read(asked.at)),
        steps=gained,
        alone=tuple(param_title(column) for column in found.params if column not in stepped),
        importances=importances(found),
    )


def _slices(found: Recipes, grids: Sequence[ScoreGrid], axes: Axes, at: str) -> Slices:
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
