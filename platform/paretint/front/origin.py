"""Where speeds come from, so that unlike ones are never compared in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from paretint.front.members import with_columns

UNSTATED = "unstated"
_UNMEASURED = ("predicted:", "proxy:")


def provenance(row: Mapping[str, Any], name: str) -> str | None:
    """Where the speed in the column ``name`` of a ledger's row comes from; None for no speed."""
    if not name.startswith("speed.") or row.get(name) is None:
        return None
    return row.get(origin_column(name)) or UNSTATED


def origin_column(speed: str) -> str:
    """The column that tells where a speed comes from."""
    return f"{speed.rpartition('.')[0]}.provenance"


def origin_of(speed: str) -> pl.Expr:
    """As `provenance`, of rows that have the speed and the column that tells."""
    return pl.col(origin_column(speed)).cast(pl.String).replace("", None).fill_null(UNSTATED)


def provenances(rows: pl.DataFrame, columns: Sequence[str]) -> dict[str, int]:
    """How many of ``rows`` have a speed of each provenance among ``columns``, by its name."""
    speeds = [name for name in columns if name.startswith("speed.")]
    if not speeds:
        return {}
    known = with_columns(rows, [*speeds, *map(origin_column, speeds)])
    told = known.select(pl.concat_list(*map(_told, speeds)).list.drop_nulls().list.unique())
    found = told.to_series().explode().drop_nulls().value_counts()
    return dict(sorted(found.iter_rows()))


def _told(speed: str) -> pl.Expr:
    """Where a speed comes from, null where there is none: what `provenance` says of a row."""
    return pl.when(pl.col(speed).is_not_null()).then(origin_of(speed))


def predicted(row: Mapping[str, Any], columns: Iterable[str]) -> tuple[str, ...]:
    """A warning for each of ``columns`` whose speed in a row was never measured."""
    origins = {column: provenance(row, column) or "" for column in dict.fromkeys(columns)}
    return tuple(
        f"{column} of {row['trial']} is no measurement: {origin}"
        for column, origin in origins.items()
        if origin.startswith(_UNMEASURED)
    )


def mixed_provenance(speeds: Mapping[str, int]) -> tuple[str, ...]:
    """A warning where ``speeds``, counted by `provenances`, are not all of one provenance."""
    if len(speeds) < 2:
        return ()
    told = ", ".join(f"{name} ({count})" for name, count in speeds.items())
    return (f"speeds of unlike provenance are compared: {told}",)
