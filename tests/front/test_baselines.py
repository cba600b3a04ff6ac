from __future__ import annotations

from io import StringIO
from typing import Any

import polars as pl
from rich.console import Console

from paretint.config import Objective
from paretint.front import Estimate, baseline_table, draw_baseline_table

ROW: dict[str, Any] = {
    "trial": "style2",
    "param.width": 24,
    "quality.psnr": 39.0,
    "quality.psnr_lo": 38.5,
    "quality.psnr_hi": 39.5,
    "quality.lpips": None,
    "speed.fps": 15.94,
    "size.params": 85_227,
}


def test_the_objectives_come_first_then_what_was_measured(
    objectives: tuple[Objective, ...],
) -> None:
    table = baseline_table(pl.DataFrame([ROW, ROW | {"trial": "style1"}]), objectives)
    assert table.columns == ("trial", "quality.psnr", "speed.fps", "size.params")
    assert table.rows == tuple(
        (name, Estimate(39.0, 38.5, 39.5), 15.94, 85_227) for name in ("style1", "style2")
    )


def test_none_is_no_row(objectives: tuple[Objective, ...]) -> None:
    table = baseline_table(pl.DataFrame(schema={"trial": pl.String}), objectives)
    assert (table.columns, table.rows) == (("trial",), ())


def test_drawn(objectives: tuple[Objective, ...]) -> None:
    out = StringIO()
    table = baseline_table(pl.DataFrame([ROW]), objectives)
    Console(file=out, width=80).print(draw_baseline_table(table))
    last = out.getvalue().splitlines()[-1].split()
    assert last == ["style2", "39.00", "±0.50", "16", "85,227"]
