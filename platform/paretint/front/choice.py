"""Picking the trial to ship by an explicit rule."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from paretint.config import Goal, Rule
from paretint.errors import UserError
from paretint.front.measures import estimate, goal_of, measure, show
from paretint.front.members import complete, with_columns
from paretint.front.origin import mixed_provenance, predicted

Row = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """The picked trial and why it was picked.

    Attributes:
        row: its row of the ledger.
        where: the rules that it meets.
        best, goal: the column that decided, and which way it is better.
        beaten: rows of the other trials that meet the rules, the runner-up first.
        considered: how many complete trials there were.
        notes: what a reader must know before believing it, such as mixed provenances.
    """

    row: Row
    where: tuple[Rule, ...]
    best: str
    goal: Goal
    beaten: tuple[Row, ...]
    considered: int
    notes: tuple[str, ...] = ()

    @property
    def trial(self) -> str:
        """The picked trial's name."""
        return str(self.row["trial"])

    @property
    def reason(self) -> str:
        """Why it was picked, in one sentence."""
        superlative = "highest" if self.goal == "maximize" else "lowest"
        unit = measure(self.best).unit
        score = f"{show(self.best, estimate(self.row, self.best))} {unit}".rstrip()
        rules = " and ".join(str(rule) for rule in self.where)
        field = f"{1 + len(self.beaten)} of {self.considered} complete trials"
        field += f" that meet {rules}" if rules else " with a value"
        return f"{self.trial} has the {superlative} {self.best} ({score}) of the {field}"


def pick(
    trials: pl.DataFrame, where: Sequence[Rule], best: str, goal: Goal | None = None
) -> Choice:
    """The complete trial that meets every rule and has the best ``best``.

    Of equals the smaller one by ``size.params`` wins, then the faster one, then the first name.
    ``goal`` says which way ``best`` is better where its name does not.

    Raises:
        UserError: no trial is complete, ``best`` has no goal, or no trial meets the rules; then
            it names the nearest miss and what to relax.
    """
    goal = goal or goal_of(best)
    done = complete(trials)
    if done.is_empty():
        raise UserError(f"no trial is complete yet, of {trials.height} in the ledger")
    rows = [
        row
        for row in _ranked(done, best, goal).iter_rows(named=True)
        if all(rule.holds(row) for rule in where)
    ]
    if not rows:
        raise UserError(_nearest_miss(done, where, best))
    columns = [best, *(rule.column for rule in where)]
    notes = mixed_provenance(rows, columns) + predicted(rows[0], columns)
    return Choice(rows[0], tuple(where), best, goal, tuple(rows[1:]), done.height, notes)


def _ranked(done: pl.DataFrame, best: str, goal: Goal) -> pl.DataFrame:
    keys = [best, "size.params", "speed.fps", "trial"]
    rows = with_columns(done, keys).drop_nulls(best)
    downwards = [goal == "maximize", False, True, False]
    return rows.sort(keys, descending=downwards, nulls_last=True)


def _nearest_miss(done: pl.DataFrame, where: Sequence[Rule], best: str) -> str:
    if not where:
        return f"no complete trial has a value in {best}"
    misses = [(_missed(row, where), row) for row in done.iter_rows(named=True)]
    broken, row = min(misses, key=lambda miss: _distance(miss[1], miss[0]))
    if not broken:
        return f"trials meet the rules, but none of them has a value in {best}"
    told = " and ".join(
        f"{rule.column} {show(rule.column, row.get(rule.column))}" for rule in broken
    )
    relaxed = " and ".join(_relaxed(rule, row.get(rule.column)) for rule in broken)
    rules = " and ".join(str(rule) for rule in where)
    return f"no trial meets {rules}; nearest is {row['trial']} with {told}: {relaxed}"


def _missed(row: Mapping[str, Any], where: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in where if not rule.holds(row)]


def _distance(row: Mapping[str, Any], broken: Sequence[Rule]) -> tuple[int, float, str]:
    """Fewest broken rules first, then the least relative shortfall, then the name."""
    gaps = (_gap(row.get(rule.column), rule.value) for rule in broken)
    return len(broken), sum(gaps), str(row["trial"])


def _gap(value: Any, wanted: float | str) -> float:
    if value is None or isinstance(wanted, str):
        return math.inf
    return float(abs(value - wanted) / (abs(wanted) or 1.0))


def _relaxed(rule: Rule, value: float | str | None) -> str:
    """How to let a row with ``value`` in: the same rule with a round number, or none."""
    if value is None or isinstance(value, str) or rule.op == "!=":
        return f"leave out {rule}"
    op = rule.op if rule.op == "==" else f"{rule.op[0]}="
    return f"relax to {rule.column} {op} {_rounded(value, op):.12g}"


def _rounded(value: float, op: str) -> float:
    """``value`` to four digits, down for ``>=`` and up for ``<=``, so that it meets the rule."""
    if op == "==" or value == 0:
        return value
    scale = 10.0 ** (3 - math.floor(math.log10(abs(value))))
    toward = math.floor if op == ">=" else math.ceil
    return toward(value * scale) / scale
