"""The recipes of a ledger and what each scored, trials of one recipe from several seeds as one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from paretint.config import Goal
from paretint.front.arrays import Floats
from paretint.front.costs import COSTS, costs
from paretint.front.intervals import arms
from paretint.front.measures import ARM, Estimate
from paretint.front.members import complete, with_columns
from paretint.front.replicates import replicates

PARAM = "param."


@dataclass(frozen=True)
class Recipes:
    """What the recipes of complete trials scored in one column.

    Attributes:
        column, goal: the score, and which way it is better.
        params: the columns of the parameters that vary, in the ledger's order.
        paired: whether intervals are those of the gain over the unchanged photo. All recipes are
            scored on the same faces, so PSNRs differ by as much as gains do; and as easy and hard
            faces fall out of a gain, its interval is the narrower one.
        table: one row a recipe, by the name of its first trial: `trial`; the parameters that
            vary; `value`, the mean over its seeds; `below` and `above`, standard deviations to
            either side; and COSTS.
    """

    column: str
    goal: Goal
    params: tuple[str, ...]
    paired: bool
    table: pl.DataFrame

    @cached_property
    def losses(self) -> Floats:
        """The scores turned so that less is better."""
        losses: Floats = self.table["value"].to_numpy() * (-1 if self.goal == "maximize" else 1)
        return losses

    def estimate(self, row: int) -> Estimate:
        """A recipe's score with its 95 % interval, as far as it tells recipes apart."""
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
    gain = f"{column}_gain"
    paired = not with_columns(rows, [f"{gain}_lo"])[f"{gain}_lo"].has_nulls()
    same = replicates(rows)
    value = rows[column].cast(pl.Float64).to_numpy()[:, None]
    luck = same.variance(value) / same.counts[:, None]
    below, above = (
        np.sqrt((same.mean(arm[:, None]) / ARM) ** 2 + luck)[:, 0]
        for arm in arms(rows, gain if paired else column)
    )
    paid = costs(trials).join(rows.select("trial"), on="trial", how="right", maintain_order="right")
    first = np.unique(same.of, return_index=True)[1]
    table = rows.select("trial", *params)[first].with_columns(
        value=pl.Series(same.mean(value)[:, 0], dtype=pl.Float64),
        below=pl.Series(below, dtype=pl.Float64),
        above=pl.Series(above, dtype=pl.Float64),
        **{name: paid[name][first] for name in COSTS},
    )
    return Recipes(column, goal, tuple(params), paired, table)
