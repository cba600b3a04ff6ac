"""Trials of one recipe from several seeds, held together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from paretint.front.arrays import Floats, Rows


class Replicates(NamedTuple):
    """Which trials are of one recipe.

    of: the recipe's number by trial ([n]); counts: trials by recipe ([k]).
    """

    of: Rows
    counts: Rows

    def mean(self, values: Floats) -> Floats:
        """The mean by recipe ([k, m]) of values by trial ([n, m])."""
        sums = np.stack([np.bincount(self.of, column) for column in values.T], axis=1)
        means: Floats = sums / self.counts[:, None]
        return means

    def variance(self, values: Floats) -> Floats:
        """What seeds alone make of values ([n, m]): one variance ([m]), pooled over all recipes.

        It is 0 where no recipe has had two seeds.
        """
        freedom = int((self.counts - 1).sum())
        apart = values - self.mean(values)[self.of]
        pooled: Floats = (apart**2).sum(axis=0) / max(freedom, 1)
        return pooled


def replicates(rows: pl.DataFrame) -> Replicates:
    """The recipes of trials; of two that share the seed too, neither repeats the other."""
    params = [column for column in rows.columns if column.startswith("param.")]
    keys = [*params, *(["seed"] if "seed" in rows.columns else [])]
    index = pl.int_range(pl.len())
    told = rows.with_columns(row=index, again=index.over(keys) if keys else index)
    first = told.select(pl.col("row").first().over([*params, "again"])).to_series()
    _, of, counts = np.unique(first.to_numpy(), return_inverse=True, return_counts=True)
    return Replicates(of, counts)
