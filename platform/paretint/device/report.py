"""Speeds and sizes as tables for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.table import Table
from rich.text import Text

from paretint.device.timing import Timing
from paretint.export import FileSizes
from paretint.terminal import row_table


class TimingRow(NamedTuple):
    """A measured file as it is printed; times in ms."""

    model: str
    fps: str
    p50: str
    p90: str
    p99: str
    burst: str
    cv: str
    load: str
    relative: str


class SizeRow(NamedTuple):
    """A model's sizes as they are printed; MACs for one photo."""

    model: str
    params: str
    macs: str
    onnx: str
    coreml: str


_TIMING_HEADS = TimingRow(
    "model", "fps", "p50\nms", "p90\nms", "p99\nms", "burst\nms", "cv", "load\nms", "x\ncontrol"
)
_SIZE_HEADS = SizeRow("model", "parameters", "MACs", "ONNX\nbytes", "Core ML\nbytes")


def timing_rows(timings: Iterable[tuple[str, Timing]]) -> list[TimingRow]:
    """The rows for (model, its timing), in the order given."""
    return [
        TimingRow(
            model=model,
            fps=f"{timing.fps:.1f}",
            p50=f"{timing.p50_ms:.2f}",
            p90=f"{timing.p90_ms:.2f}",
            p99=f"{timing.p99_ms:.2f}",
            burst=f"{timing.burst_ms:.2f}",
            cv=f"{timing.cv:.1%}",
            load=f"{timing.load_ms:.1f}",
            relative=f"{timing.relative:.2f} ±{_margin(timing):.2f}",
        )
        for model, timing in timings
    ]


def _margin(timing: Timing) -> float:
    """Return the longer arm of the interval of `relative`."""
    return max(timing.relative_hi - timing.relative, timing.relative - timing.relative_lo)


def size_rows(models: Iterable[tuple[str, FileSizes]]) -> list[SizeRow]:
    """The rows for (model, its sizes), in the order given; what is not known is a dash."""
    return [SizeRow(model, *map(_count, known)) for model, known in models]


def timing_table(rows: Iterable[TimingRow], provenance: str) -> Table:
    """`rows` as a Rich table for 80 columns, numbers to the right, their provenance below."""
    table = row_table(_TIMING_HEADS, rows, texts=("model",))
    table.caption, table.caption_justify = Text(provenance), "left"
    return table


def size_table(rows: Iterable[SizeRow]) -> Table:
    """`rows` as a Rich table for 80 columns, numbers to the right."""
    return row_table(_SIZE_HEADS, rows, texts=("model",))


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"
