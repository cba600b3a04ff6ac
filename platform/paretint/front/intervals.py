"""How sure the scores of a ledger are."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from paretint.front.arrays import Floats
from paretint.front.measures import Estimate
from paretint.front.members import with_columns


def estimates(rows: pl.DataFrame, column: str) -> list[Estimate]:
    """A column's values with their 95 % intervals, as far as there are any.

    Predicted speeds have their own; any other in fps or ms is as sure as its ratio to the control
    model.
    """
    return [Estimate(*row) for row in _with_intervals(rows, column).rows()]


def arms(rows: pl.DataFrame, column: str) -> tuple[Floats, Floats]:
    """How far the intervals of `estimates` reach below and above, [n] each; 0 for none."""
    value, low, high = (_numbers(part) for part in _with_intervals(rows, column))
    return _length(value - low), _length(high - value)


def _with_intervals(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The column, `lo` and `hi`: null where there is no interval."""
    prefix, _, figure = column.rpartition(".")
    ratio = f"{prefix}.relative"
    value, low, high = pl.col(column), pl.col(f"{column}_lo"), pl.col(f"{column}_hi")
    if prefix.startswith("speed") and figure in ("fps", "p50_ms"):
        least, most = (pl.col(f"{ratio}{end}") / pl.col(ratio) for end in ("_lo", "_hi"))
        if figure == "p50_ms":
            least, most = 1 / most, 1 / least
        low, high = pl.coalesce(low, value * least), pl.coalesce(high, value * most)
    ends = [f"{name}{end}" for name in (column, ratio) for end in ("_lo", "_hi")]
    known = with_columns(rows, [column, ratio, *ends])
    return known.select(value, low.alias("lo"), high.alias("hi"))


def _numbers(cells: pl.Series) -> Floats:
    numbers: NDArray[np.float64] = cells.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return numbers


def _length(arms: Floats) -> Floats:
    lengths: Floats = np.nan_to_num(arms, nan=0.0).clip(0.0, None)
    return lengths
