from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.config import Objective
from paretint.front import membership

Row = dict[str, Any]


def shares(trials: list[Row], objectives: tuple[Objective, ...], **more: Any) -> dict[str, float]:
    return dict(membership(pl.DataFrame(trials), objectives, **more).iter_rows())


def above(psnr: float, other: float) -> float:
    """How often a score is above another when both have half a dB to each side (95 %)."""
    deviation = math.sqrt(2) * 0.5 / 1.959964
    return 0.5 * (1 + math.erf((psnr - other) / (deviation * math.sqrt(2))))


def test_of_two_equally_fast_trials_one_is_on_the_front(
    row: Callable[..., Row], objectives: tuple[Objective, ...]
) -> None:
    trials = [row("t0000", 5, 0, 8, 36.0, 100.0), row("t0001", 5, 0, 8, 35.7, 100.0)]
    found = shares(trials, objectives, draws=4000)
    assert found["t0000"] == pytest.approx(above(36.0, 35.7), abs=0.02)
    assert sum(found.values()) == pytest.approx(1.0)


def test_sure_scores_give_the_front_itself(
    rows: list[Row], objectives: tuple[Objective, ...]
) -> None:
    sure = [r | {"quality.psnr_lo": None, "quality.psnr_hi": None} for r in rows]
    found = shares(sure, objectives, draws=3)
    assert len(found) == 12
    assert {name for name, share in found.items() if share == 1} == {"t0003", "t0007", "t0011"}
    assert sorted(set(found.values())) == [0.0, 1.0]


def test_each_arm_of_an_interval_counts_on_its_own_side(
    row: Callable[..., Row], objectives: tuple[Objective, ...]
) -> None:
    surely_above = {"quality.psnr_lo": 36.0, "quality.psnr_hi": 40.0}
    trials = [
        row("t0000", 5, 0, 8, 36.0, 100.0, **surely_above),
        row("t0001", 5, 0, 8, 35.9, 100.0, **{"quality.psnr_lo": 35.9, "quality.psnr_hi": 35.9}),
    ]
    assert shares(trials, objectives) == {"t0000": 1.0, "t0001": 0.0}


@pytest.mark.parametrize("column", ["speed.fps", "speed.p50_ms", "speed.ort-cpu.fps"])
def test_a_speed_is_as_sure_as_its_ratio_to_the_control(
    row: Callable[..., Row], objectives: tuple[Objective, ...], column: str
) -> None:
    def timed(trial: str, fps: float) -> Row:
        ratio = {"relative": 2.0, "relative_lo": 1.9, "relative_hi": 2.1}
        speeds = {"fps": fps, "p50_ms": 1000 / fps, **ratio}
        prefix = column.rpartition(".")[0]
        named = {f"{prefix}.{figure}": value for figure, value in speeds.items()}
        sure = {"quality.psnr_lo": None, "quality.psnr_hi": None}
        return row(trial, 5, 0, 8, 36.0, fps) | named | sure

    goal = "minimize" if column.endswith("ms") else "maximize"
    speed = Objective.model_validate({"column": column, "goal": goal, "reference": 0.0})
    trials = [timed("t0000", 100.0), timed("t0001", 97.0), timed("t0002", 50.0)]
    found = shares(trials, (objectives[0], speed), draws=2000)
    assert 0.7 < found["t0000"] < 0.9
    assert found["t0000"] + found["t0001"] == pytest.approx(1.0)
    assert found["t0002"] == 0.0


def test_a_predicted_speed_is_as_sure_as_its_own_interval(
    row: Callable[..., Row], objectives: tuple[Objective, ...]
) -> None:
    predicted = row("t0000", 5, 0, 8, 36.0, 100.0)
    measured = row("t0001", 5, 0, 8, 36.0, 97.0)
    sure = {"quality.psnr_lo": None, "quality.psnr_hi": None}
    interval = {"speed.fps_lo": 80.0, "speed.fps_hi": 125.0}
    alike = [predicted | sure, measured | sure]
    assert shares(alike, objectives) == {"t0000": 1.0, "t0001": 0.0}
    found = shares([predicted | sure | interval, measured | sure], objectives, draws=4000)
    below = 0.5 * (1 - math.erf(3 / (20 / 1.959964) / math.sqrt(2)))
    assert found["t0001"] == pytest.approx(below, abs=0.02)
    assert sum(found.values()) == pytest.approx(1.0)


def test_a_trials_errors_stay_when_another_comes(
    row: Callable[..., Row], objectives: tuple[Objective, ...]
) -> None:
    trials = [row("t0000", 5, 0, 8, 36.0, 100.0), row("t0001", 5, 0, 8, 35.7, 100.0)]
    far = row("t0002", 5, 0, 8, 20.0, 900.0)
    before, after = shares(trials, objectives), shares([far, *trials], objectives)
    assert after == {"t0002": 1.0, **before}
    assert shares(trials, objectives, seed=1) != before


def test_no_complete_trial_has_no_membership(objectives: tuple[Objective, ...]) -> None:
    empty = membership(pl.DataFrame(schema={"trial": pl.String, "state": pl.String}), objectives)
    assert empty.columns == ["trial", "membership"]
    assert empty.is_empty()
