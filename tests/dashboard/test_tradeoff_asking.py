from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment
from paretint.dashboard import State, read_view, trade_asking
from paretint.store import Ledger, Run

MakeRow = Callable[..., dict[str, Any]]


def test_what_may_be_asked(run: Run) -> None:
    asked = trade_asking(read_view(run), State())
    assert asked is not None
    assert list(asked.score.options) == ["quality.psnr", "speed.fps", "size.onnx_bytes"]
    assert asked.across.options == {
        "param.pairs": "pairs", "param.amplified": "amplified", "param.width": "width",
    }  # fmt: skip
    defaults = [select.default for select in (asked.across, asked.down, asked.by, asked.at)]
    assert defaults == ["param.amplified", "param.pairs", "param.width", "best"]
    assert list(asked.at.options.values()) == ["the best recipe", "width 8", "width 16", "width 24"]


def test_lines_are_at_no_value_of_a_parameter_that_lies_on_another_axis(run: Run) -> None:
    asked = trade_asking(read_view(run), State("?across=param.width"))
    assert asked is not None
    assert list(asked.at.options) == ["best"]


@pytest.mark.parametrize("trials", [0, 1])
def test_without_anything_that_varies_there_is_nothing_to_ask(
    tmp_path: Path, experiment: Experiment, row: MakeRow, trials: int
) -> None:
    run = Run.create(tmp_path / "run", experiment)
    for number in range(trials):
        Ledger(run).write_trial(row(f"t{number:04}", 5, 0, 8, 34.0, 1.0))
    assert trade_asking(read_view(run), State()) is None
