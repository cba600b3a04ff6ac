"""How sure the scores of a ledger are."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from paretint.front.arrays import Floats
from paretint.front.members import with_columns


def arms(rows: pl.DataFrame, column: str) -> tuple[Floats, Floats]:
    """How far a column's 95 % interval reaches below and above it, [n] each; 0 for none.

    A speed in fps or ms is as sure as its ratio to the control model.
    """
    prefix, _, figure = column.rpartition(".")
    if figure in ("fps", "p50_ms") and prefix.startswith("speed"):
        low, high = _relative_arms(rows, f"{prefix}.relative", slower=figure == "p50_ms")
        value = _numbers(rows, column)
        return low * value, high * value
    value, low, high = (_numbers(rows, name) for name in (column, f"{column}_lo", f"{column}_hi"))
    return _length(value - low), _length(high - value)


def _relative_arms(rows: pl.DataFrame, ratio: str, slower: bool) -> tuple[Floats, Floats]:
    """The arms of ``ratio`` in parts of itself; those of its inverse where ``slower``."""
    value, low, high = (_numbers(rows, name) for name in (ratio, f"{ratio}_lo", f"{ratio}_hi"))
    if slower:
        value, low, high = 1 / value, 1 / high, 1 / low
    return _length(1 - low / value), _length(high / value - 1)


def _numbers(rows: pl.DataFrame, column: str) -> Floats:
    numbers: NDArray[np.float64] = (
        with_columns(rows, [column])[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    )
    return numbers


def _length(arms: Floats) -> Floats:
    lengths: Floats = np.nan_to_num(arms, nan=0.0).clip(0.0, None)
    return lengths
