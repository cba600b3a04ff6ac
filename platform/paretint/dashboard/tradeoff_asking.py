"""What a reader may ask of the trade-offs, as far as recipes tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from paretint.dashboard.controls import Select
from paretint.dashboard.state import State
from paretint.dashboard.view import RunView
from paretint.front import (
    PARAM,
    Recipes,
    complete,
    goal_of,
    levels,
    measure,
    recipes,
    with_columns,
)

NONE = "none"
BEST = "best"
_SCORES = ("quality.psnr", "quality.ssim", "quality.lpips", "speed.fps", "size.onnx_bytes")
_AXES = ("param.amplified", "param.pairs", "param.width")
"""What lies across, down and by itself, where these vary; else the first others that do."""

Axes = tuple[str, str | None, str | None]
"""The parameters across, down and by itself."""


@dataclass(frozen=True)
class TradeAsking:
    """All that a reader may set.

    Attributes:
        recipes: what every recipe has of the score that is set.
        score: the score.
        across, down, by: the parameters along the axes of a grid, and the one by itself.
        at: which grid is drawn as lines.
    """

    recipes: Recipes
    score: Select
    across: Select
    down: Select
    by: Select
    at: Select

    def axes(self, state: State) -> Axes:
        """What ``state`` has across, down and by itself, each parameter but once."""
        return _axes(self.across, self.down, self.by, state)


def trade_asking(run: RunView, state: State) -> TradeAsking | None:
    """What may be asked of the complete trials of ``run``; None where nothing varies in them.

    The parameters are those that vary where there is the score that ``state`` has; the values that
    lines may be for are those of the parameter that it has by itself.
    """
    scores = _scores(run)
    if not scores:
        return None
    first = next((name for name in scores if name.startswith("quality.")), next(iter(scores)))
    score = Select("score", "Score", scores, first)
    column = state.read(score)
    found = recipes(run.trials, column, goal_of(column, run.experiment.objectives))
    across, down, by = _selects(found.params)
    at = _places(found, _axes(across, down, by, state)[2])
    return TradeAsking(found, score, across, down, by, at)


def _scores(run: RunView) -> dict[str, str]:
    """What each score is called of which unlike recipes have unlike numbers."""
    done = complete(run.trials)
    wanted = dict.fromkeys([*(o.column for o in run.experiment.objectives), *_SCORES])
    return {name: measure(name).title for name in wanted if _tells(done, name)}


def _tells(done: pl.DataFrame, score: str) -> bool:
    rows = with_columns(done, [score]).drop_nulls(score)
    params = [name for name in rows.columns if name.startswith(PARAM)]
    return rows[score].n_unique() > 1 and any(rows[name].n_unique() > 1 for name in params)


def _selects(params: Sequence[str]) -> tuple[Select, Select, Select]:
    """What may lie across, down and by itself."""
    wanted = dict.fromkeys([*(name for name in _AXES if name in params), *params])
    across, down, by = [*wanted, NONE, NONE][:3]
    names = {name: param_title(name) for name in params}
    optional = {**names, NONE: "nothing"}
    return (
        Select("across", "Across", names, across),
        Select("down", "Down", optional, down),
        Select("by", "A grid for each", optional, by),
    )


def _axes(across: Select, down: Select, by: Select, state: State) -> Axes:
    first = state.read(across)
    second = _free(state.read(down), first)
    return first, second, _free(state.read(by), first, second)


def _free(column: str, *taken: str | None) -> str | None:
    return None if column == NONE or column in taken else column


def _places(found: Recipes, by: str | None) -> Select:
    """At which value of the parameter by itself lines are drawn."""
    options = {BEST: "the best recipe"}
    if by is not None:
        options |= {text: f"{param_title(by)} {text}" for text in levels(found.table, by).texts}
    return Select("at", "Lines at", options, BEST)


def param_title(column: str) -> str:
    """What people call a parameter."""
    return column.removeprefix(PARAM).replace("_", " ")
