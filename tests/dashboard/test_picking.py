from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment, parse_rule
from paretint.dashboard import State, asking, picked, read_view
from paretint.store import Ledger, Run

MakeRow = Callable[..., dict[str, Any]]


@pytest.fixture
def three(tmp_path: Path, experiment: Experiment, row: MakeRow) -> Run:
    """A run of three trials that constrains its models' size."""
    small = experiment.model_copy(update={"constraints": (parse_rule("size.params <= 60000"),)})
    run = Run.create(tmp_path / "runs" / "three", small)
    for line in (
        row("t0000", 5, 0, 8, 34.0, 100.0),
        row("t0001", 5, 0, 16, 36.0, 50.0),
        row("t0002", 5, 250, 24, 36.1, 30.0),
    ):
        Ledger(run).write_trial(line)
    return run


def test_sliders_span_what_trials_reached_in_round_steps(three: Run) -> None:
    bounds = asking(read_view(three)).bounds
    assert [(b.column, b.op) for b in bounds] == [
        ("quality.psnr", ">="),
        ("speed.fps", ">="),
        ("size.params", "<="),
    ]
    psnr, fps, params = (b.slider for b in bounds)
    assert (psnr.low, psnr.high, psnr.step, psnr.default) == (34, 36.1, 0.05, 34)
    assert (fps.low, fps.high, fps.step, fps.default) == (30, 100, 1, 30)
    assert (params.low, params.high, params.step) == (10000, 83000, 1000)
    assert params.default == 60000  # the experiment's constraint
    assert psnr.label == "PSNR at least, dB"


def test_the_experiments_constraint_holds_until_the_reader_relaxes_it(three: Run) -> None:
    view = read_view(three)
    first = picked(view, asking(view), State())
    assert first.trials == ("t0001", "t0000")
    relaxed = picked(view, asking(view), State("?size.params=83000"))
    assert relaxed.trials == ("t0002", "t0001", "t0000")
    assert relaxed.lines == (
        ("amplified", "250", "0", "0"),
        ("width", "24", "16", "8"),
        ("PSNR", "36.10 ±0.50 dB", "36.00 ±0.50 dB", "34.00 ±0.50 dB"),
        ("Speed", "30 fps", "50 fps", "100 fps"),
        ("Parameters", "82,368", "36,608", "9,152"),
        ("ONNX", "345,600 bytes", "153,600 bytes", "38,400 bytes"),
    )


def test_the_command_picks_the_same(three: Run) -> None:
    view = read_view(three)
    query = "?speed.fps=40&within=1se&then=speed.fps&size.params=83000"
    found = picked(view, asking(view), State(query))
    assert found.trials[0] == "t0001"
    assert found.command == (
        f"paretint pick {three.folder} --where 'speed.fps >= 40' --best quality.psnr"
        " --within 1se --then speed.fps"
    )


def test_within_a_standard_error_the_smaller_one_ships(three: Run) -> None:
    view = read_view(three)
    found = picked(view, asking(view), State("?within=1se&size.params=83000"))
    assert found.trials == ("t0001", "t0002", "t0000")
    assert found.reason.startswith("t0001 has the lowest size.params (36,608) of 2 within 1 stand")


def test_where_nothing_meets_the_rules_the_nearest_is_named(three: Run) -> None:
    view = read_view(three)
    found = picked(view, asking(view), State("?quality.psnr=35.9&speed.fps=51"))
    assert found.trials == ()
    assert found.command == ""
    assert "nearest is t0001 with speed.fps 50: relax to speed.fps >= 50" in found.reason


def test_a_folders_name_is_quoted_for_the_shell(three: Run) -> None:
    moved = three.folder.rename(three.folder.parent / "two words; rm")
    view = read_view(Run.open(moved))
    assert f"pick '{moved}' " in picked(view, asking(view), State()).command


def test_trials_that_are_all_alike_leave_nothing_to_bound(
    tmp_path: Path, experiment: Experiment, row: MakeRow
) -> None:
    run = Run.create(tmp_path / "one", experiment)
    Ledger(run).write_trial(row("t0000", 5, 0, 8, 34.0, 100.0))
    view = read_view(run)
    assert asking(view).bounds == ()
    assert picked(view, asking(view), State()).trials == ("t0000",)
