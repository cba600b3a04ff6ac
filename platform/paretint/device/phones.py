"""What the static gate says of models, as a table for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.table import Table

from paretint.export import Gate
from paretint.terminal import row_table


class GateRow(NamedTuple):
    """A model's static gate as it is printed; the shares are of its operators."""

    model: str
    coreml: str
    nnapi: str
    warnings: str


_HEADS = GateRow("model", "Core ML\ntakes", "NNAPI\ntakes", "warnings\nfor phones")


def gate_rows(models: Iterable[tuple[str, Gate]]) -> list[GateRow]:
    """The rows for (model, its gate), in the order given."""
    return [
        GateRow(model, f"{known.coreml_share:.0%}", f"{known.nnapi_share:.0%}", _warnings(known))
        for model, known in models
    ]


def _warnings(known: Gate) -> str:
    return str(len(known.warnings)) if known.warnings else "none"


def gate_table(rows: Iterable[GateRow]) -> Table:
    """`rows` as a Rich table for 80 columns, numbers to the right."""
    return row_table(_HEADS, rows, texts=("model",))
