from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from paretint.config import Experiment
from paretint.dashboard import (
    RunView,
    Timing,
    devices,
    draw_burst_picture,
    draw_timing_picture,
    front_timings,
    timing_picture,
)
from paretint.front import Estimate


def view(experiment: Experiment, rows: list[dict[str, Any]]) -> RunView:
    table = pl.DataFrame(rows, infer_schema_length=None)
    return RunView("made-up", experiment, table, pl.DataFrame(), pl.DataFrame())


def timed(trial: str, width: int, pairs: int, p50: float | None, **more: Any) -> dict[str, Any]:
    figures = {"fps": 1000 / (p50 or 10), "p50_ms": p50, "p90_ms": p50 and 1.5 * p50}
    figures |= {"burst_ms": p50 and 0.5 * p50, "provenance": "measured:phone"} | more
    named = {f"speed.phone.{name}": value for name, value in figures.items()}
    params = {"param.width": width, "param.pairs": pairs, "param.blocks": 4}
    return {"trial": trial, "state": "complete", **params, **named}


def test_models_of_one_structure_are_one_measurement(experiment: Experiment) -> None:
    relative = {"relative": 2.0, "relative_lo": 1.9, "relative_hi": 2.2}
    rows = [
        timed("t0", 16, 2, 4.0),
        timed("t1", 8, 2, 2.0, **relative),
        timed("t2", 8, 5, 2.0, **relative),
    ]
    picture = timing_picture(view(experiment, rows), "phone")
    assert picture.timings == (
        Timing(
            "t1", 2, 2.0, 3.0, None, 1.0, None, None, 500.0, Estimate(2.0, 1.9, 2.2),
            "measured:phone", "width 8",
        ),
        Timing(
            "t0", 1, 4.0, 6.0, None, 2.0, None, None, 250.0, None, "measured:phone", "width 16"
        ),
    )  # fmt: skip
    assert [timing.burst for timing in picture.timings] == [0.5, 0.5]
    assert (picture.told, picture.untold, picture.predicted) == (2, 0, 0)
    assert (picture.burst, picture.cv, picture.load_ms) == (0.5, None, None)


def test_predictions_and_means_alone_are_counted_apart(experiment: Experiment) -> None:
    rows = [
        timed("t0", 16, 2, 4.0),
        timed("t1", 8, 2, 2.0, provenance="predicted:phone-from-9"),
        timed("t2", 24, 2, None),
        timed("t3", 32, 2, 8.0, provenance=None),
    ]
    picture = timing_picture(view(experiment, rows), "phone")
    assert [timing.trial for timing in picture.timings] == ["t0"]
    assert (picture.untold, picture.predicted) == (1, 1)


def test_a_device_that_nothing_tells_of_has_an_empty_picture(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    picture = timing_picture(view(experiment, rows), "phone")
    assert (picture.timings, picture.told, picture.untold, picture.predicted) == ((), 0, 0, 0)


def test_the_experiments_devices_come_first(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    assert devices(view(experiment, rows)) == ("ort-cpu",)
    more = [row | {"speed.agent:a.fps": 1.0, "speed.Z.fps": None} for row in rows]
    assert devices(view(experiment, more)) == ("ort-cpu", "agent:a")
    assert devices(view(experiment, [{"trial": "t0", "state": "failed"}])) == ()


def test_of_the_front_every_trial_has_its_timing(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    found = front_timings(view(experiment, rows), "ort-cpu")
    assert [(timing.trial, timing.fps) for timing in found] == [
        ("t0011", 201.0),
        ("t0007", 407.0),
        ("t0003", 884.0),
    ]


def test_of_very_many_so_many_are_drawn_with_both_ends(experiment: Experiment) -> None:
    rows = [timed(f"t{n}", n, 2, 1.0 + n) for n in range(1000)]
    picture = timing_picture(view(experiment, rows), "phone")
    assert (picture.told, len(picture.timings)) == (1000, 200)
    assert (picture.timings[0].trial, picture.timings[-1].trial) == ("t0", "t999")
    drawn = json.loads(draw_timing_picture(picture).to_json())
    assert len(drawn["data"][-1]["customdata"]) == 200
    assert drawn["layout"]["yaxis"]["type"] == "log"


def test_quantiles_are_drawn_upwards_from_the_median(experiment: Experiment) -> None:
    rows = [timed("t0", 16, 2, 4.0, p99_ms=9.0), timed("t1", 8, 2, 2.0)]
    drawn = json.loads(
        draw_timing_picture(timing_picture(view(experiment, rows), "phone")).to_json()
    )
    to_p99, to_p90, medians = drawn["data"]
    assert to_p99["error_y"]["array"] == [0.0, 5.0]
    assert to_p90["error_y"]["array"] == [1.0, 2.0]
    assert (medians["x"], medians["y"]) == ([1, 2], [2.0, 4.0])


def test_bursts_are_drawn_over_sustained_times(experiment: Experiment) -> None:
    rows = [timed("t0", 16, 2, 4.0, burst_ms=5.0), timed("t1", 8, 2, 2.0, burst_ms=None)]
    picture = timing_picture(view(experiment, rows), "phone")
    (dots,) = json.loads(draw_burst_picture(picture).to_json())["data"]
    assert (dots["x"], dots["y"]) == ([4.0], [1.25])


def test_markup_from_a_run_is_text(experiment: Experiment) -> None:
    rows = [
        timed("<b>t", 8, 2, 2.0) | {"param.note": "<script>x()</script>"},
        timed("t", 9, 2, 3.0),
    ]
    picture = timing_picture(view(experiment, rows), "phone")
    drawn = json.dumps(json.loads(draw_timing_picture(picture).to_json()))
    assert "<script" not in drawn
    assert "&lt;b&gt;t" in drawn


@pytest.mark.parametrize("figure", ["fps", "p50_ms"])
def test_a_device_is_known_by_either_figure(experiment: Experiment, figure: str) -> None:
    rows = [{"trial": "t0", "state": "complete", f"speed.phone.{figure}": 1.0}]
    assert devices(view(experiment, rows)) == ("phone",)
