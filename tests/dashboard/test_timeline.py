from __future__ import annotations

import json
from typing import Any

import polars as pl

from paretint.config import Experiment
from paretint.dashboard import (
    RunView,
    TimelineBar,
    draw_timeline_picture,
    has_timeline,
    timeline_height,
    timeline_key,
    timeline_picture,
    to_html,
)
from paretint.dashboard.timeline_bars import Stretch


def view(experiment: Experiment, rows: list[dict[str, Any]]) -> RunView:
    table = pl.DataFrame(rows, infer_schema_length=None)
    return RunView("made-up", experiment, table, pl.DataFrame(), pl.DataFrame())


def worked(
    trial: str, worker: str, began: float, ended: float, state: str = "complete", **more: Any
) -> dict[str, Any]:
    row = {"trial": trial, "state": state, "reason": None, "param.width": 8, "param.pairs": 5}
    return row | {"worker": worker, "time.began": began, "time.ended": ended, **more}


ROWS = [
    worked("t0", "a:1", 1000.0, 1060.0, **{"cost.speed_s": 4.0, "cost.train_s": 50.0}),
    worked("t1", "b:2", 1010.0, 1030.0, "failed", reason="no", **{"cost.speed_s": 20.0}),
    worked("t2", "b:2", 1030.0, 1090.0, **{"param.width": 16, "cost.ship_s": 60.0}),
    {"trial": "t3", "state": "infeasible", "reason": "speed.fps"},
]


def test_bars_lie_where_their_trials_ran(experiment: Experiment) -> None:
    picture = timeline_picture(view(experiment, ROWS))
    assert picture.workers == ("a:1", "b:2")
    assert (picture.earlier, picture.unknown) == (0, 1)
    assert picture.bars == (
        TimelineBar(
            "t0", "a:1", "complete", 0.0, 60.0,
            (Stretch("cost.speed_s", 0.0, 4.0), Stretch("cost.train_s", 4.0, 50.0)),
            ("complete", "width 8"),
        ),
        TimelineBar(
            "t1", "b:2", "failed", 10.0, 30.0,
            (Stretch("cost.speed_s", 10.0, 20.0),), ("failed no", "width 8"),
        ),
        TimelineBar(
            "t2", "b:2", "complete", 30.0, 90.0,
            (Stretch("cost.ship_s", 30.0, 60.0),), ("complete", "width 16"),
        ),
    )  # fmt: skip


def test_of_many_trials_the_last_are_shown_at_their_times(experiment: Experiment) -> None:
    picture = timeline_picture(view(experiment, ROWS), most=1)
    assert (picture.earlier, picture.workers) == (2, ("b:2",))
    assert [(bar.trial, bar.begin_s) for bar in picture.bars] == [("t2", 30.0)]


def test_an_older_ledger_has_no_timeline(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    assert has_timeline(view(experiment, ROWS))
    assert not has_timeline(view(experiment, rows))
    picture = timeline_picture(view(experiment, rows))
    assert (picture.workers, picture.bars, picture.unknown) == ((), (), 14)


def test_a_stage_is_a_bar_in_its_workers_lane(experiment: Experiment) -> None:
    picture = timeline_picture(view(experiment, ROWS))
    drawn = json.loads(draw_timeline_picture(picture).to_json())
    rest, speed, _, train, ship, failed = drawn["data"]
    assert (rest["base"], rest["x"], rest["y"]) == ([0.9, 0.5, 1.5], [0.1, 0.0, 0.0], [0, 1, 1])
    assert (speed["base"], speed["x"], speed["y"]) == ([0.0, 1 / 6], [4 / 60, 20 / 60], [0, 1])
    assert (train["base"], train["x"]) == ([4 / 60], [50 / 60])
    assert (ship["base"], ship["x"]) == ([0.5], [1.0])
    assert (failed["x"], failed["y"]) == ([0.5], [0.5])
    assert drawn["layout"]["yaxis"]["ticktext"] == ["a:1", "b:2"]
    assert "training: 50.0 s" in train["customdata"][0]


def test_the_key_names_the_stages_that_took_time(experiment: Experiment) -> None:
    key = to_html(timeline_key(timeline_picture(view(experiment, ROWS))))
    assert "timing first" in key
    assert "amplifying" not in key
    assert "failed" in key
    assert "failed" not in to_html(timeline_key(timeline_picture(view(experiment, ROWS[:1]))))


def test_more_workers_need_more_room(experiment: Experiment) -> None:
    rows = [worked(f"t{n}", f"a:{n}", 0.0, 1.0) for n in range(10)]
    assert timeline_height(timeline_picture(view(experiment, rows))) > timeline_height(
        timeline_picture(view(experiment, rows[:3]))
    )


def test_markup_from_a_run_is_text(experiment: Experiment) -> None:
    rows = [worked("<b>t", "<i>w", 0.0, 9.0, "failed", reason="<script>x()</script>")]
    drawn = json.dumps(
        json.loads(draw_timeline_picture(timeline_picture(view(experiment, rows))).to_json())
    )
    assert "<script" not in drawn
    assert "<i>w" not in drawn
    assert "&lt;b&gt;t" in drawn
