from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment, Objective
from paretint.dashboard import RunView, comparison, differences, front_lines, read_view
from paretint.front import Estimate
from paretint.store import Ledger, Run

Row = dict[str, Any]
Make = Callable[..., Row]
MakeRun = Callable[..., RunView]


@pytest.fixture
def make(tmp_path: Path, experiment: Experiment) -> MakeRun:
    """Gives the view of a run with some rows and, where these are given, other settings."""

    def made(name: str, rows: Sequence[Row], **settings: Any) -> RunView:
        run = Run.create(tmp_path / name, experiment.model_copy(update=settings))
        for row in rows:
            Ledger(run).write_trial(row)
        return read_view(run)

    return made


@pytest.fixture
def two(make: MakeRun, row: Make) -> list[RunView]:
    sure = {"quality.psnr_lo": None, "quality.psnr_hi": None}
    a = [row("t0000", 5, 0, 8, 36.0, 100.0, **sure), row("t0001", 5, 0, 16, 37.0, 60.0, **sure)]
    b = [row("t0000", 5, 0, 8, 36.5, 120.0), row("t0001", 5, 0, 16, 36.0, 70.0)]
    return [make("a", a), make("b", b)]


def test_fronts_are_lines_from_one_reference_to_the_other(two: list[RunView]) -> None:
    fronts = front_lines(comparison(two))
    assert (fronts.x.column, fronts.y.column) == ("speed.fps", "quality.psnr")
    a, b = fronts.lines
    assert (a.run, b.run) == ("a", "b")
    assert [(point.x, point.y) for point in a.points] == [
        (Estimate(60.0), Estimate(37.0)),
        (Estimate(100.0), Estimate(36.0)),
    ]
    assert a.corners == ((100, 30), (100, 36), (60, 36), (60, 37), (20, 37))
    assert [(p.x, p.y) for p in b.points] == [(Estimate(120.0), Estimate(36.5, 36.0, 37.0))]
    assert b.corners == ((120, 30), (120, 36.5), (20, 36.5))
    assert b.points[0].story == (
        "t0000",
        "pairs 5 · amplified 0 · width 8",
        "PSNR 36.50 ±0.50 dB",
        "Speed 120 fps",
    )


def test_differences_are_those_of_the_other_runs(two: list[RunView]) -> None:
    volume, psnr, fps = differences(comparison(two))
    assert [(p.title, p.unit, p.better, p.runs) for p in (volume, psnr, fps)] == [
        ("Hypervolume", "", True, (1,)),
        ("Best PSNR", "dB", True, (1,)),
        ("Best Speed", "fps", True, (1,)),
    ]
    assert volume.over[0].value == pytest.approx(100 * 6.5 - 80 * 6 - 40)
    # Half a dB to each side, over 100 fps.
    assert volume.over[0].margin == pytest.approx(50, rel=0.1)
    assert psnr.over[0].value == -0.5
    assert psnr.over[0].margin == pytest.approx(0.5, rel=0.1)
    assert fps.over == (Estimate(20.0),)


def test_seeds_of_one_recipe_are_one_point(make: MakeRun, row: Make) -> None:
    seeds = [row(f"t000{i}", 5, 0, 8, 36.0 + i, 100.0, seed=i) for i in (0, 1)]
    found = comparison([make("a", seeds)])
    assert found.repeated
    (point,) = front_lines(found).lines[0].points
    assert (point.x.value, point.y.value) == (100, 36.5)
    assert point.story[0] == "t0000, t0001, the mean of 2 seeds"


def told(*objectives: tuple[str, str, float]) -> dict[str, Any]:
    made = [Objective(column=c, goal=g, reference=r) for c, g, r in objectives]  # type: ignore[arg-type]
    return {"objectives": tuple(made)}


def test_other_objectives_are_told_in_one_line(make: MakeRun, rows: list[Row]) -> None:
    small = told(("quality.psnr", "maximize", 28.0), ("size.params", "minimize", 1e5))
    found = comparison([make("a", rows), make("b", rows, **small)])
    assert found.notes[0] == (
        "Objectives differ: b has maximize quality.psnr and minimize size.params. All runs are"
        " compared over those of a: maximize quality.psnr and maximize speed.fps."
    )
    assert [o.reference for o in found.objectives] == [28, 20]


def test_other_reference_points_are_told(make: MakeRun, rows: list[Row]) -> None:
    low = told(("quality.psnr", "maximize", 28.0), ("speed.fps", "maximize", 20.0))
    found = comparison([make("a", rows), make("b", rows, **low)])
    assert found.notes[0] == (
        "Reference points differ: the loosest counts for all, so a hypervolume may be larger here"
        " than on the Front page."
    )


def test_other_faces_are_told(make: MakeRun, rows: list[Row], experiment: Experiment) -> None:
    larger = experiment.faces.model_copy(update={"size": 128})
    found = comparison([make("a", rows), make("b", rows, faces=larger), make("c", rows)])
    assert found.notes[0] == (
        "Faces differ: a has procedural faces, evening, 64×64; b has procedural faces, evening,"
        " 128×128. Qualities do not compare like with like."
    )


def test_speeds_that_were_not_come_by_alike_are_told(make: MakeRun, rows: list[Row]) -> None:
    guessed = [row | {"speed.provenance": "predicted:x"} for row in rows]
    found = comparison([make("a", rows), make("b", guessed)])
    assert found.notes[0] == (
        "speeds of unlike provenance are compared: measured:ort-cpu (3), predicted:x (3)."
    )


def test_a_run_that_has_nothing_to_compare_is_left_out(make: MakeRun, rows: list[Row]) -> None:
    unmeasured = [row | {"speed.fps": None} for row in rows]
    runs = [make("empty", []), make("a", rows), make("slow", unmeasured), make("b", rows[:1])]
    found = comparison(runs)
    assert [standing.front.run for standing in found.standings] == ["a", "b"]
    assert found.notes == (
        "empty is left out: no trial of it is complete.",
        "slow is left out: no trial of it has quality.psnr and speed.fps.",
        "a has no scores by face of t0003: the faces of each run are drawn apart, which makes the"
        " intervals of differences in quality wider.",
    )
    assert comparison(runs[:1]).standings == ()
