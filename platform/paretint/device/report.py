"""Speeds as a table for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich import box
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from paretint.device.timing import Timing


class TimingRow(NamedTuple):
    """A measured file as it is printed; times in ms."""

    model: str
    fps: str
    p50: str
    p90: str
    p99: str
    cv: str
    load: str
    relative: str
    provenance: str


_HEADS = TimingRow(
    "model", "fps", "p50\nms", "p90\nms", "p99\nms", "cv", "load\nms", "x\ncontrol", "provenance"
)


def timing_rows(timings: Iterable[tuple[str, Timing]]) -> list[TimingRow]:
    """The rows for (model, its timing), in the order given."""
    return [
        TimingRow(
            model=model,
            fps=f"{timing.fps:.1f}",
            p50=f"{timing.p50_ms:.2f}",
            p90=f"{timing.p90_ms:.2f}",
            p99=f"{timing.p99_ms:.2f}",
            cv=f"{timing.cv:.1%}",
            load=f"{timing.load_ms:.1f}",
            relative=f"{timing.relative:.2f}",
            provenance=timing.provenance,
        )
        for model, timing in timings
    ]


def timing_table(rows: Iterable[TimingRow]) -> Table:
    """`rows` as a Rich table for 80 columns, numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for field, head in zip(TimingRow._fields, _HEADS, strict=True):
        justify: JustifyMethod = "left" if field in ("model", "provenance") else "right"
        table.add_column(head, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
