from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.front import Estimate, estimates
from paretint.front.intervals import arms

MakeRow = Callable[..., dict[str, Any]]


def test_a_score_has_its_interval(row: MakeRow) -> None:
    table = pl.DataFrame([row("t0000", 5, 0, 8, 33.0, 100.0)])
    assert estimates(table, "quality.psnr") == [Estimate(33.0, 32.5, 33.5)]
    assert estimates(table, "speed.fps") == [Estimate(100.0)]
    assert estimates(table, "param.width") == [Estimate(8)]


@pytest.mark.parametrize(
    ("column", "value", "low", "high"),
    [("speed.fps", 100.0, 90.0, 125.0), ("speed.p50_ms", 10.0, 8.0, 100 / 9)],
)
def test_a_speed_is_as_sure_as_its_ratio_to_the_control_model(
    row: MakeRow, column: str, value: float, low: float, high: float
) -> None:
    ratio = {"speed.relative": 2.0, "speed.relative_lo": 1.8, "speed.relative_hi": 2.5}
    table = pl.DataFrame([row("t0000", 5, 0, 8, 33.0, 100.0, **{"speed.p50_ms": 10.0}) | ratio])
    (found,) = estimates(table, column)
    assert found == pytest.approx((value, low, high))


def test_a_predicted_speed_keeps_its_own_interval(row: MakeRow) -> None:
    own = {"speed.fps_lo": 80.0, "speed.fps_hi": 130.0}
    ratio = {"speed.relative": 2.0, "speed.relative_lo": 1.8, "speed.relative_hi": 2.5}
    table = pl.DataFrame([row("t0000", 5, 0, 8, 33.0, 100.0) | own | ratio])
    assert estimates(table, "speed.fps") == [Estimate(100.0, 80.0, 130.0)]


def test_arms_are_the_intervals_lengths_and_none_without(row: MakeRow) -> None:
    missing = {"quality.psnr_lo": None, "quality.psnr_hi": None}
    skewed = {"quality.psnr_lo": 33.0, "quality.psnr_hi": 34.5}
    table = pl.DataFrame(
        [row("t0000", 5, 0, 8, 33.0, 100.0) | more for more in ({}, missing, skewed)]
    )
    below, above = arms(table, "quality.psnr")
    assert (below.tolist(), above.tolist()) == ([0.5, 0.0, 0.0], [0.5, 0.0, 1.5])
    assert [side.tolist() for side in arms(table, "param.width")] == [[0.0] * 3] * 2


def test_the_ratio_itself_has_no_interval_where_the_ledger_has_none(row: MakeRow) -> None:
    table = pl.DataFrame([row("t0000", 5, 0, 8, 33.0, 100.0) | {"speed.relative": 2.0}])
    assert estimates(table, "speed.relative") == [Estimate(2.0)]
    assert [side.tolist() for side in arms(table, "speed.relative")] == [[0.0], [0.0]]


def test_arms_of_a_predicted_speed_are_its_own(row: MakeRow) -> None:
    own = {"speed.fps_lo": 80.0, "speed.fps_hi": 130.0}
    below, above = arms(pl.DataFrame([row("t0000", 5, 0, 8, 33.0, 100.0) | own]), "speed.fps")
    assert (below.tolist(), above.tolist()) == ([20.0], [30.0])
