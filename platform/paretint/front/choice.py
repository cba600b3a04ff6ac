"""Picking the trial to ship by an explicit rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from paretint.config import Goal, Objective, Rule, column, did_you_mean
from paretint.config.columns import device_of
from paretint.errors import UserError
from paretint.front.intervals import estimates
from paretint.front.measures import ARM, goal_of, told, with_unit
from paretint.front.members import complete, meeting, with_columns
from paretint.front.miss import nearest_miss
from paretint.front.origin import mixed_provenance, predicted, provenances

Row = dict[str, Any]

SMALLEST_FASTEST = ("size.params", "speed.fps")
"""What decides among equals where nothing else is asked for."""

_WITHIN = re.compile(r"(?P<errors>\d+(?:\.\d+)?)\s*se")


@dataclass(frozen=True)
class Choice:
    """The picked trial and why it was picked.

    Attributes:
        row: its row of the ledger.
        where: the rules that it meets.
        best, goal: the column that decided, and which way it is better.
        within: how many standard errors of the best score count as no worse, None for none.
        then: the columns that decide among those, in their order, and the first one's goal.
        leader: the row with the best score; ``row`` itself unless ``within`` is given.
        near: how many trials are as good as it.
        beaten: rows of the other trials that meet the rules, the runner-up first.
        considered: how many complete trials there were.
        notes: what a reader must know before believing it, such as mixed provenances.
    """

    row: Row
    where: tuple[Rule, ...]
    best: str
    goal: Goal
    within: float | None
    then: tuple[str, ...]
    then_goal: Goal
    leader: Row
    near: int
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
        rules = " and ".join(str(rule) for rule in self.where)
        field = f"{1 + len(self.beaten)} of {self.considered} complete trials"
        field += f" that meet {rules}" if rules else " with a value"
        best = f"the {_superlative(self.goal)} {self.best}"
        if self.within is None:
            return f"{self.trial} has {best} ({told(self.row, self.best)}) of the {field}"
        then = self.then[0]
        error = with_unit(self.best, self.within * standard_error(self.leader, self.best))
        return (
            f"{self.trial} has the {_superlative(self.then_goal)} {then} ({told(self.row, then)})"
            f" of {self.near} within {self.within:g} standard error{'s' * (self.within != 1)}"
            f" ({error}) of {best} ({told(self.leader, self.best)}, {self.leader['trial']})"
            f" of the {field}"
        )

    @property
    def options(self) -> list[str]:
        """The words after `paretint pick RUN` that pick it again."""
        words = [word for rule in self.where for word in ("--where", str(rule))]
        words += ["--best", self.best]
        words += [] if self.within is None else ["--within", f"{self.within:g}se"]
        default = self.then == SMALLEST_FASTEST
        return words + ([] if default else [w for name in self.then for w in ("--then", name)])


def _superlative(goal: Goal) -> str:
    return "highest" if goal == "maximize" else "lowest"


def parse_within(text: str) -> float:
    """How many standard errors ``1se`` or ``0.5se`` are. Raises UserError for another form."""
    match = _WITHIN.fullmatch(text.strip())
    if match is None:
        raise UserError(f"--within {text}: give a number of standard errors, such as 1se")
    return float(match["errors"])


def pick(
    trials: pl.DataFrame,
    where: Sequence[Rule],
    best: str,
    within: float | None = None,
    then: Sequence[str] = SMALLEST_FASTEST,
    objectives: Sequence[Objective] = (),
) -> Choice:
    """The complete trial that meets every rule and has the best ``best``.

    ``within`` that many standard errors of the best score all count as equal. Of equals the one
    wins that is better by the first column of ``then``, then by the next, then by ``best``, and
    at last the first by name. ``objectives`` say which way a column is better where its name
    does not.

    Raises:
        UserError: no trial is complete; a column is unknown or has no goal; ``best`` has no value,
            or no interval to be within; the first of ``then`` has no value in any trial within it;
            or no trial meets the rules: then it names the nearest miss and what to relax.
    """
    _check_columns(trials, [best, *then, *(rule.column for rule in where)])
    goals = {name: goal_of(name, objectives) for name in (best, *then)}
    done = complete(trials)
    if done.is_empty():
        raise UserError(f"no trial is complete yet, of {trials.height} in the ledger")
    valued = with_columns(done, [best]).drop_nulls(best)
    ruled = meeting(valued, where)
    if ruled.is_empty():
        raise UserError(nearest_miss(done, where, best))
    ranked = _ranked(ruled.to_dicts(), [best, *then, "trial"], goals)
    near = 1 if within is None else _near(ranked, best, goals[best], within)
    if within is not None:
        _check_decides(ranked[:near], then[0])
    rows = _ranked(ranked[:near], [*then, best, "trial"], goals) + ranked[near:]
    judges = [best, *(rule.column for rule in where), *(then if near > 1 else ())]
    return Choice(
        row=rows[0],
        where=tuple(where),
        best=best,
        goal=goals[best],
        within=within,
        then=tuple(then),
        then_goal=goals[then[0]],
        leader=ranked[0],
        near=near,
        beaten=tuple(rows[1:]),
        considered=done.height,
        notes=mixed_provenance(provenances(ruled, judges)) + predicted(rows[0], judges),
    )


def _check_columns(trials: pl.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        column(name)
        if device_of(name) is not None and name not in trials.columns:
            speeds = [known for known in trials.columns if known.startswith("speed.")]
            raise UserError(f"{name}: no trial has this column{did_you_mean(name, speeds)}")


def _ranked(rows: Sequence[Row], keys: Sequence[str], goals: dict[str, Goal]) -> list[Row]:
    """``rows``, the best by the first of ``keys`` first; what has no value comes last."""
    ranked = list(rows)
    for name in reversed(keys):
        downwards = goals.get(name) == "maximize"
        valued = [row for row in ranked if row.get(name) is not None]
        empty = [row for row in ranked if row.get(name) is None]
        ranked = sorted(valued, key=lambda row: row[name], reverse=downwards) + empty
    return ranked


def _near(ranked: Sequence[Row], best: str, goal: Goal, within: float) -> int:
    """How many of the rows, best first, are within so many standard errors of the first."""
    sign = 1 if goal == "maximize" else -1
    leader = ranked[0]
    limit = sign * leader[best] - within * standard_error(leader, best)
    return sum(sign * row[best] >= limit for row in ranked)


def _check_decides(near: Sequence[Row], name: str) -> None:
    if all(row.get(name) is None for row in near):
        raise UserError(
            f"{name}: no trial that it is to decide among has a value; name another with --then"
        )


def standard_error(row: Row, name: str) -> float:
    """The standard error of a score that a trial has, from its 95 % interval.

    Raises:
        UserError: it has none.
    """
    (found,) = estimates(pl.DataFrame([row]), name)
    if found.lo is None or found.hi is None:
        raise UserError(
            f"{name} of {row['trial']} has no interval, so nothing is within a standard error of"
            " it; leave out --within"
        )
    return (found.hi - found.lo) / (2 * ARM)
