"""Where speeds come from, so that unlike ones are never compared in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

UNSTATED = "unstated"
_UNMEASURED = ("predicted:", "proxy:")


def provenance(row: Mapping[str, Any], name: str) -> str | None:
    """Where the speed in the column ``name`` of a ledger's row comes from; None for no speed."""
    if not name.startswith("speed.") or row.get(name) is None:
        return None
    figures = name.rpartition(".")[0]
    return row.get(f"{figures}.provenance") or UNSTATED


def origins(trials: pl.DataFrame, columns: Sequence[str]) -> Iterable[dict[str, Any]]:
    """The rows of ``trials`` with as much as `provenances` of ``columns`` needs."""
    wanted = {*columns, *(f"{name.rpartition('.')[0]}.provenance" for name in columns)}
    return trials.select(name for name in trials.columns if name in wanted).iter_rows(named=True)


def provenances(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Counter[str]:
    """How many of ``rows`` have a speed of each provenance among ``columns``."""
    return Counter(
        found
        for row in rows
        for found in {provenance(row, column) for column in columns}
        if found is not None
    )


def predicted(row: Mapping[str, Any], columns: Iterable[str]) -> tuple[str, ...]:
    """A warning for each of ``columns`` whose speed in a row was never measured."""
    origins = {column: provenance(row, column) or "" for column in dict.fromkeys(columns)}
    return tuple(
        f"{column} of {row['trial']} is no measurement: {origin}"
        for column, origin in origins.items()
        if origin.startswith(_UNMEASURED)
    )


def mixed_provenance(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> tuple[str, ...]:
    """A warning where the speeds in ``columns`` of ``rows`` are not all of one provenance."""
    counts = provenances(rows, columns)
    if len(counts) < 2:
        return ()
    told = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
    return (f"speeds of unlike provenance are compared: {told}",)
