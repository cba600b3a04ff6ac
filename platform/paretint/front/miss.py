"""What to relax where no trial meets the rules."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from paretint.config import Rule
from paretint.front.measures import show


def nearest_miss(done: pl.DataFrame, where: Sequence[Rule], best: str, kind: str = "trial") -> str:
    """Say, in one line, which of the complete trials ``done`` comes nearest, and what to relax.

    kind: what to call them.

    Nearest is the one that breaks the fewest rules, of those the one that is least short of them.
    """
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
    return f"no {kind} meets {rules}; nearest is {row['trial']} with {told}: {relaxed}"


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
