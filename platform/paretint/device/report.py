"""Speeds as a table for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.table import Table

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
    "model", "fps", "p50 ms", "p90 ms", "p99 ms", "cv", "load ms", "x control", "provenance"
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
    """`rows` as a Rich table, numbers to the right."""
    table = Table(title="Time of one inference")
    for field, head in zip(TimingRow._fields, _HEADS, strict=True):
        text = field in ("model", "provenance")
        table.add_column(head, justify="left" if text else "right", no_wrap=not text)
    for row in rows:
        table.add_row(*row)
    return table
