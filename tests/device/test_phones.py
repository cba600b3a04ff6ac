from __future__ import annotations

from rich.console import Console

from paretint.device import GateRow, gate_rows, gate_table
from paretint.export import Gate

ROWS = [GateRow("release.onnx", "83%", "100%", "2"), GateRow("compact.onnx", "100%", "0%", "none")]


def test_shares_are_in_percent_and_warnings_are_counted() -> None:
    models = [
        ("release.onnx", Gate(("one", "two"), 0.829, 1.0)),
        ("compact.onnx", Gate((), 1.0, 0.0)),
    ]
    assert gate_rows(models) == ROWS


def test_table_shows_every_figure() -> None:
    console = Console(width=80)
    with console.capture() as captured:
        console.print(gate_table(ROWS))
    assert all(figure in captured.get() for row in ROWS for figure in row)
