from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment
from paretint.dashboard import RunView, State, TradeOffs, read_view, trade_asking, trade_offs
from paretint.dashboard.state import with_settings
from paretint.front import Estimate, Importances
from paretint.store import Ledger, Run

MakeRow = Callable[..., dict[str, Any]]


def found(view: RunView, query: str = "") -> TradeOffs:
    state = State(query)
    asked = trade_asking(view, state)
    assert asked is not None
    told = trade_offs(asked, state)
    assert state.complaint() is None
    return told


def test_lines_are_the_rows_of_the_grid_with_the_best_recipe(run: Run) -> None:
    slices = found(read_view(run)).slices
    assert (slices.score, slices.goal, slices.across) == (
        "quality.psnr", "maximize", "param.amplified",
    )  # fmt: skip
    assert (slices.ticks, slices.where) == (("0", "250", "1,000"), "width 24")
    assert [
        (line.name, [(place, e.value) for place, e in line.points]) for line in slices.lines
    ] == [
        ("pairs 2", [(2, 36.2)]),
        ("pairs 5", [(0, 35.1)]),
        ("pairs 10", [(2, 37.6)]),
    ]


def test_the_reader_chooses_what_lies_on_the_axes(run: Run) -> None:
    told = found(
        read_view(run), "?score=speed.fps&across=param.width&down=none&by=param.pairs&at=10"
    )
    assert [grid.by for grid in told.grids] == ["2", "5", "10"]
    assert told.slices.where == "pairs 10"
    (line,) = told.slices.lines
    assert (line.name, [(place, e.value) for place, e in line.points]) == (
        "", [(1, 404.0), (2, 201.0)],
    )  # fmt: skip


def test_a_parameter_lies_on_one_axis(run: Run) -> None:
    told = found(read_view(run), "?across=param.width&down=param.width&by=param.width")
    assert (told.across, told.down, told.by) == ("param.width", None, None)
    (grid,) = told.grids
    assert grid.cells[0][2] == pytest.approx(Estimate(37.6, 37.1, 38.1))


def test_lines_are_at_the_ranges_that_recipes_fall_into_not_their_repeats(
    tmp_path: Path, experiment: Experiment, row: MakeRow
) -> None:
    run = Run.create(tmp_path / "run", experiment)
    repeated = [0] * 10 + [20 * number for number in range(1, 10)]
    for number, images in enumerate(repeated):
        psnr = 33.0 + number / 10
        Ledger(run).write_trial(
            row(f"t{number:04}", 2 + images % 3, images, 8, psnr, 1.0, seed=number)
        )
    view, axes = read_view(run), "?across=param.pairs&down=none&by=param.amplified"
    asked = trade_asking(view, State(axes))
    assert asked is not None
    places = [place for place in asked.at.options if place != "best"]
    assert places == ["0 to 20", "40 to 60", "80 to 100", "120 to 140", "160 to 180"]
    where = [found(view, with_settings(axes, {"at": place})).slices.where for place in places]
    assert where == [f"amplified {place}" for place in places]


def test_a_score_of_some_trials_asks_for_what_varies_in_those(
    run: Run, rows: list[dict[str, Any]]
) -> None:
    for trial, lpips in ((rows[5], 0.1), (rows[6], 0.2)):
        Ledger(run).write_trial(trial | {"quality.lpips": lpips})
    told = found(read_view(run), "?score=quality.lpips")
    assert (told.across, told.down, told.by) == ("param.amplified", None, None)
    assert [cell.value for grid in told.grids for cell in grid.cells[0] if cell] == [0.1, 0.2]


def test_parameters_that_no_two_recipes_differ_in_alone_are_named(
    tmp_path: Path, experiment: Experiment, row: MakeRow
) -> None:
    run = Run.create(tmp_path / "run", experiment)
    for trial in (
        row("t0000", 5, 0, 8, 34.0, 1.0),
        row("t0001", 5, 250, 8, 35.0, 1.0),
        row("t0002", 10, 1000, 16, 36.0, 1.0),
    ):
        Ledger(run).write_trial(trial)
    told = found(read_view(run))
    assert [(step.column, step.gain.value) for step in told.steps] == [("param.amplified", 1.0)]
    assert told.alone == ("pairs", "width")
    assert told.importances == Importances(0)
