"""The tables of a run: what each trial, and each of its rungs, came to."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from filelock import FileLock

from paretint.config import column, is_column
from paretint.errors import UserError
from paretint.store.files import read_table, replace
from paretint.store.measured import joined
from paretint.store.run import Run


class _Kind(NamedTuple):
    dtype: pl.DataType
    python: type
    accepts: type


_KINDS = {
    "integer": _Kind(pl.Int64(), int, Integral),
    "number": _Kind(pl.Float64(), float, Real),
    "text": _Kind(pl.String(), str, str),
}
_EMPTY = {"trial": pl.String(), "state": pl.String()}


class Ledger:
    """`trials.parquet`, `rungs.parquet` and `baselines.parquet`.

    Every row is on the disk when a write returns.
    """

    def __init__(self, run: Run) -> None:
        self._trials = run.trials_parquet
        self._rungs = run.rungs_parquet
        self._baselines = run.baselines_parquet
        self._folder = run.folder
        self._lock = run.folder / ".ledger.lock"

    def write_trial(self, row: Mapping[str, Any]) -> None:
        """Add a trial's row, or put it in the place of the trial's earlier one.

        Columns that the row lacks become null, new ones are added. Columns of the registry have
        its types; `TypeError` where a value does not fit.
        """
        self._write(self._trials, row, ("trial",))

    def add_to_trial(self, trial: str, cells: Mapping[str, Any]) -> None:
        """Set some columns of a trial that has a row; the others stay as they are stored."""
        self._write(self._trials, {"trial": trial, **cells}, ("trial",), whole=False)

    def write_rung(self, row: Mapping[str, Any]) -> None:
        """As `write_trial`, for a trial's row at one `rung`."""
        self._write(self._rungs, row, ("trial", "rung"))

    def write_baseline(self, row: Mapping[str, Any]) -> None:
        """As `write_trial`, for a network that the sweep did not make; `trial` is its name."""
        self._write(self._baselines, row, ("trial",))

    def trials(self) -> pl.DataFrame:
        """Every trial; without rows, but with `trial` and `state`, where there is none yet.

        Devices that measured the run from elsewhere have their columns too.
        """
        return joined(_table(self._trials), self._folder)

    def rungs(self) -> pl.DataFrame:
        """Every trial's rungs; as `trials` where there is none yet."""
        return _table(self._rungs)

    def baselines(self) -> pl.DataFrame:
        """Every network that trials are compared with; as `trials` where there is none."""
        return joined(_table(self._baselines), self._folder)

    def _write(
        self, path: Path, row: Mapping[str, Any], names: tuple[str, ...], whole: bool = True
    ) -> None:
        """Put a row in the place of the one with its `names`; not whole, the rest of it stays."""
        identity = {name: row[name] for name in names}
        with FileLock(self._lock):
            table = _table(path) if path.exists() else None
            if table is not None and not whole:
                row = {**table.row(by_predicate=_same(identity), named=True), **row}
            new = _frame(row)
            replace(path, (new if table is None else _with(table, new, identity)).write_parquet)


def _table(path: Path) -> pl.DataFrame:
    if not path.exists():
        return pl.DataFrame(schema=_EMPTY)
    try:
        return read_table(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path}: is no readable table: {reason}") from None


def _frame(row: Mapping[str, Any]) -> pl.DataFrame:
    cells = {name: _cell(name, value) for name, value in row.items()}
    schema = {name: _KINDS[column(name).kind].dtype for name in row if is_column(name)}
    return pl.DataFrame([cells], schema_overrides=schema)


def _cell(name: str, value: Any) -> Any:
    """A value as its column holds it; numpy's numbers become Python's."""
    if value is None or not is_column(name):
        return value
    kind = _KINDS[column(name).kind]
    if isinstance(value, bool) or not isinstance(value, kind.accepts):
        raise TypeError(f"the column {name} holds {kind.python.__name__}, not {value!r}")
    return kind.python(value)


def _with(table: pl.DataFrame, new: pl.DataFrame, identity: dict[str, Any]) -> pl.DataFrame:
    """The table with a new row in the place of the one of the same identity, else at its end."""
    same = table.select(_same(identity)).to_series()
    at = same.arg_max() if same.any() else table.height
    parts = (table[:at], new, table.filter(~same)[at:])
    return pl.concat(parts, how="diagonal_relaxed")


def _same(identity: Mapping[str, Any]) -> pl.Expr:
    """Whether a row is the one of an identity."""
    return pl.all_horizontal(pl.col(name).eq_missing(value) for name, value in identity.items())
