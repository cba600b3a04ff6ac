"""The trials of a ledger that make up its front."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from paretint.config import Objective, Rule
from paretint.front.dominance import non_dominated
from paretint.front.volume import hypervolume


def complete(trials: pl.DataFrame, columns: Iterable[str] = ()) -> pl.DataFrame:
    """The trials that ran to the end and have a number in each of ``columns``.

    What is not a number counts as not measured: in the rows it is null.
    """
    wanted = list(columns)
    rows = with_columns(trials, ["state", *wanted]).filter(pl.col("state") == "complete")
    rows = rows.fill_nan(None)
    return rows.drop_nulls(wanted) if wanted else rows


def with_columns(trials: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """``trials`` with each of ``columns``, empty where the ledger has not met it yet."""
    return trials.with_columns(
        pl.lit(None).alias(column)
        for column in dict.fromkeys(columns)
        if column not in trials.columns
    )


def meeting(trials: pl.DataFrame, rules: Iterable[Rule]) -> pl.DataFrame:
    """The trials that meet every rule; one that lacks a rule's value does not."""
    asked = list(rules)
    known = with_columns(trials, [rule.column for rule in asked])
    return known.filter(pl.lit(True), *(rule.expression() for rule in asked))


def front(trials: pl.DataFrame, objectives: Sequence[Objective]) -> pl.DataFrame:
    """The complete trials that no other complete trial dominates.

    Every column is kept; the best of the first objective stands first, equal ones by name.
    """
    first, columns = objectives[0], [objective.column for objective in objectives]
    rows = complete(trials, columns)
    if rows.is_empty():
        return rows
    mask = non_dominated(rows.select(columns).to_numpy(), [o.goal for o in objectives])
    return rows.filter(pl.Series(mask)).sort(
        first.column, "trial", descending=[first.goal == "maximize", False]
    )


def front_volume(trials: pl.DataFrame, objectives: Sequence[Objective]) -> float:
    """The hypervolume of the complete trials over the objectives' stored references."""
    columns = [objective.column for objective in objectives]
    values = complete(trials, columns).select(columns).to_numpy()
    return hypervolume(values, [o.reference for o in objectives], [o.goal for o in objectives])
