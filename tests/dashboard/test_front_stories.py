from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.dashboard.front_stories import differing, estimates, stories
from paretint.front import Estimate

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


def test_stories_tell_the_parameters_that_differ_four_to_a_line(row: MakeRow) -> None:
    more = {f"param.{name}": 1 for name in ("blocks", "stem", "downscale")}
    table = pl.DataFrame(
        [row("t0000", 2, 0, 8, 33.0, 100.0) | more, row("t0001", 5, 9, 16, 33.0, 100.0) | more]
    )
    assert differing(table) == ["param.pairs", "param.amplified", "param.width"]
    assert differing(table[:1]) == [name for name in table.columns if name.startswith("param.")]
    first = stories(table, differing(table[:1]), "speed.fps", "param.width")[0]
    assert first == (
        "pairs 2 · amplified 0 · width 8 · blocks 1",
        "stem 1 · downscale 1",
        "Speed 100 fps (measured:ort-cpu)",
        "Parameters 9,152",
        "ONNX 38,400 bytes",
    )
