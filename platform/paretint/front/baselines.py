"""What trials are compared with, beside the front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from rich.table import Table

from paretint.config import Objective
from paretint.front.table import ALSO, Cell, cell, draw_columns


@dataclass(frozen=True)
class BaselineTable:
    """A run's baselines, ready to draw.

    Attributes:
        columns: the ledger's column names: the name, the objectives, then quality and size.
        rows: one for each baseline, by name.
        objectives: what the front is over.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    objectives: tuple[Objective, ...]


def baseline_table(baselines: pl.DataFrame, objectives: Sequence[Objective]) -> BaselineTable:
    """``baselines`` (of a run's ledger) as plain data; what was not measured has no column."""
    wanted = dict.fromkeys([*(o.column for o in objectives), "quality.psnr_gain", *ALSO])
    known = [c for c in wanted if c in baselines.columns and baselines[c].count() > 0]
    rows = baselines.sort("trial").iter_rows(named=True)
    return BaselineTable(
        columns=("trial", *known),
        rows=tuple((row["trial"], *(cell(row, column) for column in known)) for row in rows),
        objectives=tuple(objectives),
    )


def draw_baseline_table(table: BaselineTable) -> Table:
    """``table`` for a terminal."""
    return draw_columns(table.columns, table.rows, table.objectives)
