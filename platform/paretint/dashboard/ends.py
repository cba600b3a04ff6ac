"""How the trials of a search ended, and why, as plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from paretint.dashboard.view import RunView
from paretint.front import with_columns

COMPLETE, STOPPED, UNTRAINED, FAILED = "complete", "stopped early", "never trained", "failed"
_NUMBER = re.compile(r"\d[\d_,.]*(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class End:
    """Trials that ended in one way, for reasons that differ in their numbers alone.

    Attributes:
        kind: `COMPLETE`, `STOPPED`, `UNTRAINED` or `FAILED`.
        trials: how many they are.
        reason: why the first of them ended so; empty where the ledger gives none.
        first: the first of them.
        saved_s: seconds of work that they are expected to have saved, together.
    """

    kind: str
    trials: int
    reason: str
    first: str
    saved_s: float


def ends(run: RunView) -> tuple[End, ...]:
    """How the trials of ``run`` ended: failures first, then the most trials first.

    A trial never trained where it broke a constraint, or stopped before its first rung.
    """
    rows = with_columns(run.trials, ["reason", "cost.saved_s", "cost.train_s"])
    trained = set(run.rungs["trial"]) if "trial" in run.rungs.columns else set()
    told = rows.select(
        "trial",
        kind=_kind(trained),
        reason=pl.col("reason").cast(pl.String).fill_null(""),
        saved_s=pl.col("cost.saved_s").cast(pl.Float64).fill_null(0.0),
    )
    alike = pl.col("reason").str.replace_all(_NUMBER.pattern, "#")
    groups = told.group_by("kind", alike.alias("alike"), maintain_order=True).agg(
        trials=pl.len(),
        reason=pl.first("reason"),
        first=pl.first("trial"),
        saved_s=pl.sum("saved_s"),
    )
    found = [End(**row) for row in groups.drop("alike").iter_rows(named=True)]
    return tuple(sorted(found, key=lambda end: (end.kind != FAILED, -end.trials)))


def _kind(trained: set[str]) -> pl.Expr:
    state = pl.col("state")
    begun = pl.col("cost.train_s").is_not_null() | pl.col("trial").is_in(list(trained))
    return (
        pl.when(state == "infeasible")
        .then(pl.lit(UNTRAINED))
        .when((state == "stopped") & ~begun)
        .then(pl.lit(UNTRAINED))
        .when(state == "stopped")
        .then(pl.lit(STOPPED))
        .otherwise(state)
    )
