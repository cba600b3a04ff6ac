"""The tables of a run: what each trial, and each of its rungs, came to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock

from paretint.config import column, is_column
from paretint.errors import UserError
from paretint.store.files import replace
from paretint.store.run import Run

_KINDS = {"integer": pl.Int64(), "number": pl.Float64(), "text": pl.String()}
_EMPTY = {"trial": pl.String(), "state": pl.String()}


class Ledger:
    """`trials.parquet` and `rungs.parquet`; every row is on the disk when a write returns."""

    def __init__(self, run: Run) -> None:
        self._trials = run.trials_parquet
        self._rungs = run.rungs_parquet
        self._lock = run.folder / ".ledger.lock"

    def write_trial(self, row: Mapping[str, Any]) -> None:
        """Add a trial's row, or put it in the place of the trial's earlier one.

        Columns that the row lacks become null, new ones are added. Columns of the registry have
        its types; `TypeError` where a value does not fit.
        """
        self._write(self._trials, row, ("trial",))

    def write_rung(self, row: Mapping[str, Any]) -> None:
        """As `write_trial`, for a trial's row at one `rung`."""
        self._write(self._rungs, row, ("trial", "rung"))

    def trials(self) -> pl.DataFrame:
        """Every trial; without rows, but with `trial` and `state`, where there is none yet."""
        return _table(self._trials)

    def rungs(self) -> pl.DataFrame:
        """Every trial's rungs; as `trials` where there is none yet."""
        return _table(self._rungs)

    def _write(self, path: Path, row: Mapping[str, Any], names: tuple[str, ...]) -> None:
        new = _frame(row)
        with FileLock(self._lock):
            table = _with(_table(path), new, names) if path.exists() else new
            replace(path, table.write_parquet)


def _table(path: Path) -> pl.DataFrame:
    if not path.exists():
        return pl.DataFrame(schema=_EMPTY)
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path}: is no readable table: {reason}") from None


def _frame(row: Mapping[str, Any]) -> pl.DataFrame:
    schema = {name: _KINDS[column(name).kind] for name in row if is_column(name)}
    return pl.DataFrame([dict(row)], schema_overrides=schema)


def _with(table: pl.DataFrame, new: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The table with a row that is told apart by the columns `names`, in its old place if any."""
    same = table.select(
        pl.all_horizontal(pl.col(name).eq_missing(new[name][0]) for name in names)
    ).to_series()
    at = same.arg_max() if same.any() else table.height
    parts = (table[:at], new, table.filter(~same)[at:])
    return pl.concat(parts, how="diagonal_relaxed")
