from __future__ import annotations

from io import StringIO

import torch
from rich.console import Console
from torch import Tensor

from paretint.regions import CLASSES, score_rows, score_table
from paretint.regions.report import ScoreRow


def counts(**hits: int) -> Tensor:
    """A confusion with some hits of each class, and as many taken for hats."""
    made = torch.zeros(len(CLASSES), len(CLASSES), dtype=torch.int64)
    for name, count in hits.items():
        index = CLASSES.index(name)
        made[index, index] = made[index, CLASSES.index("hat")] = count
    return made


def test_each_region_that_is_present_has_a_row_and_then_their_mean() -> None:
    confused = counts(hair=3, skin=2)
    confused[CLASSES.index("lower_lip"), CLASSES.index("upper_lip")] = 1
    assert score_rows(confused) == [
        ScoreRow("skin", "66.7"),
        ScoreRow("lips", "100.0"),
        ScoreRow("hair", "66.7"),
        ScoreRow("mean", "77.8"),
    ]


def test_where_no_region_is_present_there_is_no_mean() -> None:
    assert score_rows(counts(background=4)) == []


def test_the_table_shows_the_rows() -> None:
    console = Console(file=StringIO(), width=40)
    console.print(score_table([ScoreRow("skin", "66.7"), ScoreRow("mean", "100.0")]))
    lines = [line.split() for line in console.file.getvalue().splitlines()]
    assert lines[0] == ["region", "F1", "%"]
    assert lines[2:] == [["skin", "66.7"], ["mean", "100.0"]]
