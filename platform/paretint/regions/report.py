"""A parser's scores as a table for people."""

from __future__ import annotations

from statistics import fmean
from typing import NamedTuple

from rich.table import Table
from torch import Tensor

from paretint.regions.scoring import f1_by_region
from paretint.terminal import row_table


class ScoreRow(NamedTuple):
    """A region as it is printed; f1 in percent."""

    region: str
    f1: str


def score_rows(counts: Tensor) -> list[ScoreRow]:
    """Return a row for each region that is present and one for their mean, from a confusion."""
    scores = f1_by_region(counts)
    if scores:
        scores["mean"] = fmean(scores.values())
    return [ScoreRow(region, f"{100 * score:.1f}") for region, score in scores.items()]


def score_table(rows: list[ScoreRow]) -> Table:
    """Return rows as a Rich table."""
    return row_table(("region", "F1 %"), rows, texts=("region",))
