"""What the reader asks of the model that ships, and the trial that answers it, as plain data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from shlex import join
from typing import Any

import polars as pl

from paretint.config import Rule
from paretint.dashboard.controls import Select, Slider
from paretint.dashboard.state import State
from paretint.dashboard.view import RunView
from paretint.errors import UserError
from paretint.front import (
    SMALLEST_FASTEST,
    complete,
    goal_of,
    measure,
    parse_within,
    pick,
    told,
    with_columns,
)

_RUNNERS_UP = 3
_STEPS = 100
_SCORES = ("quality.psnr", "quality.ssim", "quality.lpips")
_THEN = ("size.params", "size.macs", "size.onnx_bytes", "speed.fps")
_WITHIN = {
    "none": "the best alone",
    "0.5se": "all within half a standard error",
    "1se": "all within 1 standard error",
    "2se": "all within 2 standard errors",
}
_DEFAULT_THEN = "default"


@dataclass(frozen=True)
class Bound:
    """A slider for a rule on one column; at its loose end there is no rule."""

    column: str
    op: str
    slider: Slider

    def rule(self, value: float) -> Rule | None:
        """The rule that the slider stands for at ``value``."""
        loose = value <= self.slider.low if self.op == ">=" else value >= self.slider.high
        return None if loose else Rule(self.column, self.op, _plain(value))


@dataclass(frozen=True)
class Asking:
    """All that a reader may set: bounds, the column that decides, and what breaks near ties."""

    bounds: tuple[Bound, ...]
    best: Select
    within: Select
    then: Select


@dataclass(frozen=True)
class Picked:
    """The pick as it is told.

    Attributes:
        reason: why this trial; or, where none meets the rules, the nearest and what to relax.
        notes: what to know before believing it.
        trials: the winner and the runners-up.
        lines: for each recipe parameter that differs and each score its name and its value in
            each of the trials.
        command: the words that pick the same in a terminal; empty where there is no pick.
    """

    reason: str
    notes: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    command: str = ""


def asking(run: RunView) -> Asking:
    """What may be asked of the complete trials of ``run``.

    Bounds are on the objectives and on the columns of the experiment's constraints; these are
    where their sliders stand at first.
    """
    objectives = run.experiment.objectives
    done = complete(run.trials)
    columns = dict.fromkeys(
        [*(o.column for o in objectives), *(rule.column for rule in run.experiment.constraints)]
    )
    scores = dict.fromkeys([*(o.column for o in objectives), *_SCORES])
    known = {name: _title(name) for name in scores if _values(done, name)}
    first = next((n for n in known if n.startswith("quality.")), objectives[0].column)
    orders = {name: f"the best {_title(name)}" for name in _THEN if _values(done, name)}
    return Asking(
        bounds=tuple(b for name in columns if (b := _bound(run, name, _values(done, name)))),
        best=Select("best", "Best", known or {first: _title(first)}, first),
        within=Select("within", "As good as the best", _WITHIN, "none"),
        then=Select(
            "then",
            "Of these",
            {_DEFAULT_THEN: "the smallest, then the fastest", **orders},
            _DEFAULT_THEN,
        ),
    )


def _bound(run: RunView, name: str, values: Sequence[float]) -> Bound | None:
    """A slider over the values of a column; None where none differ or neither way is better."""
    try:
        goal = goal_of(name, run.experiment.objectives)
    except UserError:
        return None
    if not values or min(values) == max(values):
        return None
    op = ">=" if goal == "maximize" else "<="
    step = _step((max(values) - min(values)) / _STEPS)
    # The loose end lets every trial in, and the tight one still the best.
    inwards = math.floor if op == ">=" else math.ceil
    low, high = (_plain(inwards(end / step) * step) for end in (min(values), max(values)))
    asked = [
        float(rule.value)
        for rule in run.experiment.constraints
        if rule.column == name and rule.op == op and not isinstance(rule.value, str)
    ]
    default = asked[0] if asked else low if op == ">=" else high
    unit = measure(name).unit
    least = "at least" if op == ">=" else "at most"
    label = f"{measure(name).title} {least}{f', {unit}' if unit else ''}"
    return Bound(name, op, Slider(name, label, low, high, step, default))


def picked(run: RunView, asked: Asking, state: State) -> Picked:
    """The trial that ``state`` asks for, by the same rule as `paretint pick`."""
    rules = [rule for b in asked.bounds if (rule := b.rule(state.read(b.slider)))]
    best, within, then = (state.read(c) for c in (asked.best, asked.within, asked.then))
    objectives = run.experiment.objectives
    try:
        choice = pick(
            run.trials,
            rules,
            best,
            None if within == "none" else parse_within(within),
            SMALLEST_FASTEST if then == _DEFAULT_THEN else (then,),
            objectives,
        )
    except UserError as error:
        return Picked(str(error))
    rows = [choice.row, *choice.beaten[:_RUNNERS_UP]]
    columns = [best, *(rule.column for rule in rules), *(o.column for o in objectives)]
    return Picked(
        reason=choice.reason,
        notes=choice.notes,
        trials=tuple(row["trial"] for row in rows),
        lines=_lines(rows, [*columns, *choice.then, *_SCORES, *_THEN]),
        command=join(["paretint", "pick", str(run.folder), *choice.options]),
    )


def _lines(rows: Sequence[dict[str, Any]], scores: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    parameters = [name for name in rows[0] if name.startswith("param.")]
    differing = [n for n in parameters if len({row.get(n) for row in rows}) > 1]
    measured = [n for n in dict.fromkeys(scores) if any(row.get(n) is not None for row in rows)]
    return tuple(
        (_title(name), *(told(row, name) for row in rows)) for name in [*differing, *measured]
    )


def _values(done: pl.DataFrame, name: str) -> list[float]:
    found = with_columns(done, [name])[name].drop_nulls().to_list()
    return [value for value in found if math.isfinite(value)]


def _title(name: str) -> str:
    return name.removeprefix("param.") if name.startswith("param.") else measure(name).title


def _step(span: float) -> float:
    """1, 2 or 5 times a power of ten, the least that is not below ``span``."""
    power = 10.0 ** math.floor(math.log10(span))
    return _plain(next(n * power for n in (1, 2, 5, 10) if n * power >= span * (1 - 1e-9)))


def _plain(value: float) -> float:
    """``value`` without the dust of binary fractions; whole where it is."""
    short = float(f"{value:.12g}")
    return int(short) if short.is_integer() else short
