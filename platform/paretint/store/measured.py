"""What devices that are elsewhere came to, joined to a run's tables.

A device's results lie in `devices/<device>/` of the run, one JSON file a structure: whoever
measured, or imported, wrote them without a lock on the ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from paretint.config import SPEEDS, column, is_column

RESULTS = 1
"""The number of the results' form; files of another one are no results."""

_STRUCTURE = re.compile("[0-9a-f]{64}")

_TYPES: dict[str, type[pl.DataType]] = {"number": pl.Float64, "text": pl.String}


@dataclass(frozen=True)
class Result:
    """The speed of one structure on one device.

    structure: of the file of a `form`, `onnx` or `coreml`, that was measured; figures: by the
    names of `SPEEDS`, without those that are not known; source: how it was come by.
    """

    device: str
    structure: str
    form: str
    figures: Mapping[str, float | str]
    source: Mapping[str, Any]

    def dump(self) -> bytes:
        """JSON that `load_result` reads."""
        return json.dumps({"results": RESULTS, **asdict(self)}, indent=2).encode()


def load_result(content: bytes | None) -> Result | None:
    """The result in a JSON file; None where that holds none, or one of another version."""
    try:
        told = json.loads(content or b"null")
    except ValueError:
        return None
    if not isinstance(told, dict) or told.pop("results", None) != RESULTS:
        return None
    try:
        result = Result(**told)
    except TypeError:
        return None
    return result if _holds(result) else None


def _holds(result: Result) -> bool:
    """Whether a result is one that the ledger has columns for."""
    figures = result.figures
    return (
        isinstance(figures, dict)
        and all(_fits(name, value) for name, value in figures.items())
        and "provenance" in figures
        and is_column(f"speed.{result.device}.provenance")
        and result.form in ("onnx", "coreml")
        and isinstance(result.structure, str)
    )


def _fits(name: str, value: object) -> bool:
    """Whether there is a figure of that name, and it may have the value."""
    if name not in SPEEDS:
        return False
    kinds = str if SPEEDS[name].kind == "text" else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool)


def folder_name(device: str) -> str:
    """A device's folder below `devices`; the colon of its name is not one that all disks take."""
    return device.replace(":", "+")


def result_files(run: Path) -> list[Path]:
    """The files of all results of a run."""
    files = (run / "devices").glob("*/*.json")
    return sorted(file for file in files if _STRUCTURE.fullmatch(file.stem))


def joined(table: pl.DataFrame, run: Path) -> pl.DataFrame:
    """A table of the ledger with what the run's devices measured of each row's structure.

    A row that tells of the device already, because its trial was timed there, stays as it is; a
    prediction gives way.
    """
    by_device: dict[tuple[str, str], dict[str, Result]] = {}
    for result in (load_result(file.read_bytes()) for file in result_files(run)):
        if result is not None:
            of_device = by_device.setdefault((result.device, result.form), {})
            of_device[result.structure] = result
    for (device, form), results in by_device.items():
        if f"structure.{form}" in table.columns:
            table = _with(table, f"structure.{form}", _frame(device, results.values()))
    return table


def _frame(device: str, results: Collection[Result]) -> pl.DataFrame:
    """The results' columns, with their structures in the last; what nobody knows has none."""
    rows = [dict(_columns(device, result)) for result in results]
    names = dict.fromkeys(name for row in rows for name in row)
    schema = {name: _TYPES[column(name).kind] for name in names}
    frame = pl.DataFrame(rows, schema=schema)
    return frame.with_columns(pl.Series("structure", [result.structure for result in results]))


def _columns(device: str, result: Result) -> Iterator[tuple[str, float | str]]:
    for name, value in result.figures.items():
        yield f"speed.{device}.{name}", value if isinstance(value, str) else float(value)


def _with(table: pl.DataFrame, told: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with a device's results in the rows that do not tell of it themselves."""
    (provenance,) = (name for name in frame.columns if name.endswith(".provenance"))
    prefix = provenance.removesuffix("provenance")
    own = [name for name in table.columns if name.startswith(prefix)]
    both = table.join(
        frame, left_on=told, right_on="structure", how="left", suffix="|", maintain_order="left"
    )
    if provenance not in own:
        return both
    measured = pl.col(provenance).str.starts_with("predicted:").not_().fill_null(False)
    fresh = pl.col(f"{provenance}|").is_not_null() & ~measured
    shared = [name for name in own if name in frame.columns]
    merged = [
        pl.when(fresh)
        .then(pl.col(f"{name}|") if name in shared else None)
        .otherwise(pl.col(name))
        .alias(name)
        for name in own
    ]
    new = [name for name in frame.columns[:-1] if name not in own]
    merged += [pl.when(fresh).then(pl.col(name)).alias(name) for name in new]
    return both.with_columns(merged).drop([f"{name}|" for name in shared])
