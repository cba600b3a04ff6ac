from __future__ import annotations

import pytest

from paretint.config import Objective
from paretint.errors import UserError
from paretint.front import Estimate, estimate, goal_of, measure, show, volume_teller


def test_a_devices_speed_reads_as_the_first_devices() -> None:
    assert measure("speed.ort-cpu.p50_ms") == measure("speed.p50_ms")
    assert measure("speed.p50_ms").unit == "ms"


def test_an_objective_says_which_way_is_better_before_the_name_does() -> None:
    smallest = Objective(column="quality.psnr", goal="minimize", reference=40.0)
    assert goal_of("quality.psnr") == "maximize"
    assert goal_of("quality.psnr", [smallest]) == "minimize"
    assert goal_of("speed.ort-cpu.p99_ms") == "minimize"


def test_a_column_without_a_goal_is_a_mistake() -> None:
    with pytest.raises(UserError, match=r"param\.width: neither more nor less of it is better"):
        goal_of("param.width")


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("quality.psnr", 36.525, "36.52"),
        ("quality.psnr", Estimate(36.5, 36.2, 36.7), "36.50 ±0.30"),
        ("quality.lpips", 0.10049, "0.1005"),
        ("speed.fps", 1234.5, "1,234"),
        ("size.params", 82251, "82,251"),
        ("param.amplified", 4000, "4,000"),
        ("param.learning_rate", 0.00025, "0.00025"),
        ("trial", "t0001", "t0001"),
        ("quality.lpips", None, "–"),
    ],
)
def test_values_are_shown_as_finely_as_they_are_worth(
    column: str, value: object, shown: str
) -> None:
    assert show(column, value) == shown


def test_an_estimate_without_an_interval_has_no_margin() -> None:
    found = estimate({"speed.fps": 60.0}, "speed.fps")
    assert found == Estimate(60.0)
    assert found.margin is None
    assert estimate({"speed.fps": None}, "speed.fps") is None


def test_a_difference_is_as_unsure_as_both_together() -> None:
    low, high = Estimate(34.0, 33.0, 34.3), Estimate(36.0, 35.6, 36.4)
    assert high.less(low) == pytest.approx(Estimate(2.0, 1.5, 2.0 + 1.16**0.5))
    assert high.less(Estimate(34.0)) == Estimate(2.0)


@pytest.mark.parametrize(
    ("told", "clear"),
    [
        (Estimate(1.0, 0.5, 1.5), True),
        (Estimate(-1.0, -1.5, -0.5), True),
        (Estimate(1.0, -0.5, 2.5), False),
        (Estimate(1.0), False),
    ],
)
def test_a_difference_is_beyond_doubt_where_0_lies_outside(told: Estimate, clear: bool) -> None:
    assert told.clear_of_zero is clear


@pytest.mark.parametrize(
    ("volumes", "told"),
    [
        ([5468.2], ["5,468"]),
        ([0.191, 0.02], ["0.1910", "0.0200"]),
        ([12.0, 0.0], ["12.00", "0.00"]),
        ([0.0], ["0"]),
    ],
)
def test_the_largest_hypervolume_has_four_digits(volumes: list[float], told: list[str]) -> None:
    assert [*map(volume_teller(volumes), volumes)] == told
