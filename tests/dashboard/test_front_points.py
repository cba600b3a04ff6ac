from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.config import Experiment, Objective
from paretint.dashboard import (
    FrontView,
    RunView,
    State,
    front_axes,
    front_controls,
    front_picture,
    front_view,
    read_view,
)
from paretint.errors import UserError
from paretint.front import Estimate, membership
from paretint.store import FACES, Run


def view(experiment: Experiment, rows: list[dict[str, Any]], *known: dict[str, Any]) -> RunView:
    baselines = pl.DataFrame(known, schema=None if known else {"trial": pl.String})
    return RunView("made-up", experiment, pl.DataFrame(rows), pl.DataFrame(), baselines)


def test_quality_stands_upright_whatever_the_order(objectives: tuple[Objective, ...]) -> None:
    psnr, fps = objectives
    assert front_axes([psnr, fps]) == (fps, psnr)
    assert front_axes([fps, psnr]) == (fps, psnr)


def test_one_objective_makes_no_front(objectives: tuple[Objective, ...]) -> None:
    with pytest.raises(UserError, match="a front needs two objectives"):
        front_axes(objectives[:1])


def test_picture_holds_the_complete_trials(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    picture = front_picture(view(experiment, rows))
    assert (picture.x, picture.y, picture.judged) == ("speed.fps", "quality.psnr", True)
    assert len(picture.points) == 12
    assert [p.trial for p in picture.points if p.on_front] == ["t0003", "t0007", "t0011"]
    assert [p.trial for p in picture.points if not p.amplified][:2] == ["t0000", "t0001"]
    assert picture.reference == (20.0, 30.0)
    assert [(level.axis, level.text) for level in picture.levels] == [
        ("y", "unchanged photo 30.76 dB")
    ]


def test_baselines_are_points_beside_the_trials(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    release = {
        "trial": "style1",
        "param.width": 24,
        "quality.psnr": 39.0,
        "quality.psnr_lo": 38.5,
        "quality.psnr_hi": 39.5,
        "speed.fps": 15.9,
        "speed.provenance": "measured:ort-cpu",
        "size.params": 85_227,
    }
    unscored = release | {"trial": "style2", "quality.psnr": None}
    picture = front_picture(view(experiment, rows, release, unscored))
    assert picture.points == front_picture(view(experiment, rows)).points
    (point,) = picture.baselines
    assert (point.name, point.x.value, point.y) == ("style1", 15.9, Estimate(39.0, 38.5, 39.5))
    assert point.story == (
        "width 24",
        "PSNR 39.00 ±0.50 dB",
        "Speed 16 fps (measured:ort-cpu)",
        "Parameters 85,227",
    )
    assert front_picture(view(experiment, rows)).baselines == ()


def test_a_point_tells_its_recipe_scores_and_provenance(
    experiment: Experiment, row: Callable[..., dict[str, Any]]
) -> None:
    (point,) = front_picture(view(experiment, [row("t0000", 5, 1000, 16, 36.9, 407.0)])).points
    assert point.y == Estimate(36.9, 36.4, 37.4)
    assert point.story == (
        "pairs 5 · amplified 1,000 · width 16",
        "PSNR 36.90 ±0.50 dB",
        "Speed 407 fps (measured:ort-cpu)",
        "Parameters 36,608",
        "ONNX 153,600 bytes",
    )


def test_stairs_outline_what_the_front_dominates_beyond_the_reference(
    experiment: Experiment, row: Callable[..., dict[str, Any]]
) -> None:
    rows = [
        row("t0000", 5, 0, 8, 33.0, 120.0),
        row("t0001", 5, 0, 8, 31.0, 220.0),
        row("t0002", 5, 0, 8, 29.0, 900.0),
    ]
    # From (220, 30) up to 31, left to 120, up to 33, left to the reference's 20 fps; the third
    # trial is on the front and under the reference.
    assert front_picture(view(experiment, rows)).stairs == (
        (220.0, 30.0), (220.0, 31.0), (120.0, 31.0), (120.0, 33.0), (20.0, 33.0),
    )  # fmt: skip


def test_stairs_of_a_size_to_keep_small_run_the_other_way(
    experiment: Experiment, row: Callable[..., dict[str, Any]]
) -> None:
    smallest = Objective(column="size.params", goal="minimize", reference=1000.0)
    changed = experiment.model_copy(update={"objectives": (experiment.objectives[0], smallest)})
    rows = [
        row("t0000", 5, 0, 8, 33.0, 1.0, **{"size.params": 500}),
        row("t0001", 5, 0, 8, 31.0, 1.0, **{"size.params": 200}),
    ]
    assert front_picture(view(changed, rows)).stairs == (
        (200, 30.0), (200, 31.0), (500, 31.0), (500, 33.0), (1000.0, 33.0),
    )  # fmt: skip


def test_three_objectives_have_no_stairs(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    smallest = Objective(column="size.params", goal="minimize", reference=1e6)
    changed = experiment.model_copy(update={"objectives": (*experiment.objectives, smallest)})
    assert front_picture(view(experiment, rows)).stairs
    assert front_picture(view(changed, rows)).stairs == ()


def test_an_empty_ledger_has_a_picture_without_points(experiment: Experiment) -> None:
    picture = front_picture(view(experiment, [{"trial": "t0000", "state": "failed"}]))
    assert (picture.points, picture.stairs, picture.levels) == ((), (), ())


def test_any_two_columns_may_be_the_axes(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    rows[3] |= {"cost.train_s": 12.5}
    picture = front_picture(view(experiment, rows), FrontView("param.width", "cost.train_s"))
    assert (picture.judged, picture.reference, picture.stairs) == (False, None, ())
    (point,) = picture.points
    assert (point.trial, point.x, point.y, point.on_front) == (
        "t0003",
        Estimate(8),
        Estimate(12.5),
        True,
    )
    assert picture.missing == 11


def test_one_column_may_be_both_axes(experiment: Experiment, rows: list[dict[str, Any]]) -> None:
    run = view(experiment, rows, {"trial": "style1", "param.width": 24})
    picture = front_picture(run, FrontView("quality.psnr", "quality.psnr"))
    assert all(point.x == point.y for point in picture.points)
    assert picture.baselines == ()


def test_bounds_leave_the_trials_that_meet_them_all(run: Run) -> None:
    seen = read_view(run)
    state = State("?speed.fps=390&quality.psnr=35.5")
    picture = front_picture(seen, front_view(front_controls(seen), state))
    within = [point.trial for point in picture.points if point.within]
    assert within == ["t0003", "t0006", "t0007", "t0008"]
    assert (picture.beyond, len(picture.points)) == (8, 12)
    assert [(axis, str(drawn.rule)) for axis, drawn in picture.lines] == [
        ("y", "quality.psnr >= 35.5"),
        ("x", "speed.fps >= 390"),
    ]


def test_membership_is_that_of_the_front_room(
    experiment: Experiment, rows: list[dict[str, Any]]
) -> None:
    rows[1] |= {"speed.fps": 884.0, "quality.psnr": 35.5, "quality.psnr_hi": 36.0}
    seen = view(experiment, rows)
    expected = dict(membership(seen.trials, experiment.objectives).iter_rows())
    likely = {point.trial: point.likely for point in front_picture(seen).points}
    assert likely == expected
    assert 0 < likely["t0003"] < 1
    assert likely["t0000"] == 0


def test_trials_with_faces_are_known(run: Run) -> None:
    (run.models("t0007") / FACES).mkdir(parents=True)
    points = front_picture(read_view(run)).points
    assert [point.trial for point in points if point.faces] == ["t0007"]
