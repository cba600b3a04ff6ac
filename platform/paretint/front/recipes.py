"""The recipes of a ledger and what each scored, trials of one recipe from several seeds as one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from paretint.config import Goal
from paretint.front.arms import arms
from paretint.front.arrays import Floats
from paretint.front.costs import COSTS, costs
from paretint.front.measures import ARM, Estimate
from paretint.front.members import complete, with_columns
from paretint.front.replicates import Replicates, replicates

PARAM = "param."


@dataclass(frozen=True)
class Recipes:
    """What the recipes of complete trials scored in one column.

    Attributes:
        column, goal: the score, and which way it is better.
        params: the columns of the parameters that vary, in the ledger's order.
        table: one row a recipe, by the name of its first trial: `trial`; the parameters that
            vary; `value`, the mean over its seeds; `below` and `above`, standard deviations to
            either side; `variance` of the value when it is compared with that of another recipe;
            and COSTS.
    """

    column: str
    goal: Goal
    params: tuple[str, ...]
    table: pl.DataFrame

    @cached_property
    def losses(self) -> Floats:
        """The scores turned so that less is better."""
        losses: Floats = self.table["value"].to_numpy() * (-1 if self.goal == "maximize" else 1)
        return losses

    def estimate(self, row: int) -> Estimate:
        """A recipe's score with its 95 % interval, where it has one."""
        value, below, above = self.table.select("value", "below", "above").row(row)
        if not below and not above:
            return Estimate(value)
        return Estimate(value, value - ARM * below, value + ARM * above)


def recipes(trials: pl.DataFrame, column: str, goal: Goal) -> Recipes:
    """The recipes of the complete trials of a ledger that have a number in ``column``.

    Intervals hold what the ledger's hold, and how far seeds lie apart, as in `membership`.
    """
    rows = complete(trials, [column]).sort("trial")
    params = [c for c in rows.columns if c.startswith(PARAM) and rows[c].n_unique() > 1]
    same = replicates(rows)
    value = rows[column].cast(pl.Float64).to_numpy()[:, None]
    luck = same.variance(value) / same.counts[:, None]
    paid = costs(trials).join(rows.select("trial"), on="trial", how="right", maintain_order="right")
    first = np.unique(same.of, return_index=True)[1]
    table = rows.select("trial", *params)[first].with_columns(
        value=_column(same.mean(value)),
        below=_column(np.sqrt(_spread(rows, column, same, 0) ** 2 + luck)),
        above=_column(np.sqrt(_spread(rows, column, same, 1) ** 2 + luck)),
        variance=_column(_sharp(rows, column, same) ** 2 + luck),
        **{name: paid[name][first] for name in COSTS},
    )
    return Recipes(column, goal, tuple(params), table)


def _column(values: Floats) -> pl.Series:
    return pl.Series(values[:, 0], dtype=pl.Float64)


def _spread(rows: pl.DataFrame, column: str, same: Replicates, side: int) -> Floats:
    """Standard deviations below (side 0) or above (1) a column's values, by recipe: [k, 1]."""
    return same.mean(arms(rows, column)[side][:, None]) / ARM


def _sharp(rows: pl.DataFrame, column: str, same: Replicates) -> Floats:
    """As `_spread`, of both sides, where two recipes are compared.

    All are scored on the same faces, so their PSNRs differ by as much as their gains over the
    unchanged photo do; and the gain's interval is the narrower one, as it is of paired scores.
    """
    gain = f"{column}_gain"
    known = with_columns(rows, [f"{gain}_lo"])[f"{gain}_lo"]
    of = column if known.has_nulls() else gain
    return (_spread(rows, of, same, 0) + _spread(rows, of, same, 1)) / 2
