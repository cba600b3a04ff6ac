"""The values of a parameter, few enough to stand along an axis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from paretint.front.arrays import Rows
from paretint.front.measures import show

MOST = 8
"""Values beyond which numbers are held together in BINS of about as many recipes each."""
BINS = 5


@dataclass(frozen=True)
class Levels:
    """The values that a parameter has in some recipes, or ranges of them, ascending.

    Attributes:
        column: the parameter's.
        texts: what each is called.
        of: which one each recipe has ([k]); -1 where the parameter is not there.
    """

    column: str
    texts: tuple[str, ...]
    of: Rows


def levels(table: pl.DataFrame, column: str) -> Levels:
    """The levels of a column of parameters; text is never held together."""
    values = table[column]
    known = values.drop_nulls().unique().sort()
    if len(known) > MOST and known.dtype.is_numeric():
        return _binned(values, column)
    return Levels(column, tuple(show(column, value) for value in known), codes(values))


def codes(values: pl.Series) -> Rows:
    """The place of each value among those that differ, ascending; -1 of none."""
    places: Rows = values.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
    return places


def _binned(values: pl.Series, column: str) -> Levels:
    numbers = values.cast(pl.Float64).to_numpy()
    there = ~np.isnan(numbers)
    edges = np.unique(np.quantile(numbers[there], np.linspace(0, 1, BINS + 1)[1:-1]))
    of = np.where(there, np.searchsorted(edges, numbers, side="left"), -1)
    _, of[there] = np.unique(of[there], return_inverse=True)
    texts = (_range(values.filter(of == place), column) for place in range(of.max() + 1))
    return Levels(column, tuple(texts), of)


def _range(values: pl.Series, column: str) -> str:
    low, high = show(column, values.min()), show(column, values.max())
    return low if low == high else f"{low} to {high}"
