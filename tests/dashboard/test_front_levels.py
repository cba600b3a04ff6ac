from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from paretint.dashboard.front_levels import Level, levels


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{"speed.relative": None, **row} for row in rows])


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("speed.fps", 250.0, "control model 250 fps"),
        ("speed.p50_ms", 4.0, "control model 4.00 ms"),
        ("speed.relative", 1.0, "control model 1.00 ×"),
    ],
)
def test_the_control_models_speed_is_the_trials_over_their_ratio(
    column: str, value: float, told: str
) -> None:
    # The control model took 4, 4 and 5 ms beside these.
    done = table(
        {"speed.fps": 500.0, "speed.p50_ms": 2.0, "speed.relative": 2.0},
        {"speed.fps": 125.0, "speed.p50_ms": 8.0, "speed.relative": 0.5},
        {"speed.fps": 200.0, "speed.p50_ms": 5.0, "speed.relative": 1.0},
    )
    assert levels(done, "x", column) == (Level("x", value, "control model", told),)


def test_it_is_told_for_each_size_of_photos() -> None:
    done = table(
        {"speed.fps": 400.0, "speed.relative": 1.0, "param.input_size": 32},
        {"speed.fps": 100.0, "speed.relative": 1.0, "param.input_size": 64},
    )
    assert [level.text for level in levels(done, "y", "speed.fps")] == [
        "control model at 32×32 400 fps",
        "control model at 64×64 100 fps",
    ]


def test_a_speed_without_a_ratio_and_other_columns_have_no_level() -> None:
    done = table({"speed.fps": 400.0, "size.params": 9})
    assert levels(done, "x", "speed.fps") == ()
    assert levels(done, "x", "size.params") == ()


def test_the_unchanged_photo_scores_less_by_what_a_trial_gained() -> None:
    done = table({"quality.psnr": 33.0, "quality.psnr_gain": 2.5})
    (level,) = levels(done, "y", "quality.psnr")
    assert (level.value, level.text) == (30.5, "unchanged photo 30.50 dB")
