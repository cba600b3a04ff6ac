from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.config import Experiment
from paretint.dashboard import RunView, VolumeStep, draw_volume_picture, volume_picture
from paretint.dashboard.volume_figure import time_unit

MakeRow = Callable[..., dict[str, Any]]


def view(experiment: Experiment, rows: list[dict[str, Any]]) -> RunView:
    table = pl.DataFrame(rows, infer_schema_length=None)
    return RunView("made-up", experiment, table, pl.DataFrame(), pl.DataFrame())


def spent(began: float, ended: float, train: float) -> dict[str, float]:
    return {"time.began": began, "time.ended": ended, "cost.speed_s": 1.0, "cost.train_s": train}


@pytest.fixture
def search(row: MakeRow) -> list[dict[str, Any]]:
    """Over 30 dB and 20 fps: 1 x 10, nothing, 2 x 5 of which 5 are new, and a dominated one."""
    return [
        row("t0000", 5, 0, 8, 31.0, 30.0) | spent(100.0, 110.0, 9.0),
        row("t0001", 5, 0, 8, 39.0, 90.0, state="stopped") | spent(102.0, 115.0, 4.0),
        row("t0002", 5, 0, 8, 32.0, 25.0) | spent(110.0, 130.0, 19.0),
        row("t0003", 5, 0, 8, 30.5, 21.0) | spent(115.0, 120.0, 0.0),
    ]


def test_steps_are_the_trials_that_added_something_and_the_last(
    experiment: Experiment, search: list[dict[str, Any]]
) -> None:
    picture = volume_picture(view(experiment, search))
    assert picture.steps == (
        VolumeStep("t0000", 10.0, 1, 10.0, 10.0),
        VolumeStep("t0002", 15.0, 3, 30.0, 35.0),
        VolumeStep("t0003", 15.0, 4, 30.0, 36.0),
    )
    assert picture.told == ("trials", "time", "work")
    assert picture.objectives == experiment.objectives


def test_a_trial_that_never_began_counts_as_a_trial_alone(
    experiment: Experiment, search: list[dict[str, Any]]
) -> None:
    never = {"trial": "t0004", "state": "infeasible", "reason": "speed.fps is 1"}
    *_, last = volume_picture(view(experiment, [*search, never])).steps
    assert last == VolumeStep("t0004", 15.0, 5, 30.0, 36.0)


def test_an_older_ledger_tells_trials_alone(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    picture = volume_picture(view(experiment, rows))
    assert picture.told == ("trials",)
    assert picture.steps[-1].volume == pytest.approx(5468.0, abs=1)
    assert (picture.steps[0].elapsed_s, picture.steps[0].work_s) == (None, 0.0)


def test_nothing_complete_has_no_volume(experiment: Experiment, row: MakeRow) -> None:
    failed = [{"trial": "t0000", "state": "failed"}, row("t0001", 5, 0, 8, 1.0, 1.0)]
    picture = volume_picture(view(experiment, failed))
    assert [(step.trial, step.volume) for step in picture.steps] == [("t0001", 0.0)]


def test_each_panel_has_its_axis(experiment: Experiment, search: list[dict[str, Any]]) -> None:
    picture = volume_picture(view(experiment, search))
    drawn = json.loads(draw_volume_picture(picture, ["time", "work"]).to_json())
    assert [trace["x"] for trace in drawn["data"]] == [
        pytest.approx([1 / 6, 0.5, 0.5]),
        pytest.approx([1 / 6, 35 / 60, 0.6]),
    ]
    assert [trace["y"] for trace in drawn["data"]] == [[10.0, 15.0, 15.0]] * 2
    assert drawn["layout"]["xaxis"]["title"]["text"] == "minutes since the first trial began"
    assert drawn["layout"]["xaxis2"]["title"]["text"] == "minutes of work, over all workers"
    assert drawn["data"][0]["customdata"][1] == (
        "<b>t0002</b><br>hypervolume 15<br>after 3 trials, 0.5 min, 0.6 min of work"
    )


@pytest.mark.parametrize(
    ("seconds", "unit"), [(0, "minutes"), (17_999, "minutes"), (18_000, "hours")]
)
def test_long_searches_are_told_in_hours(seconds: float, unit: str) -> None:
    assert time_unit(seconds)[0] == unit
