from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.front import ARM, Estimate, Step, recipes, steps

Row = dict[str, Any]
Make = Callable[..., Row]
T_1, T_2 = 12.7062, 4.3027
"""Student's t at 0.975 for one degree of freedom and for two."""


def found(rows: list[Row]) -> dict[tuple[str, str, str], Step]:
    told = steps(recipes(pl.DataFrame(rows), "quality.psnr", "maximize"))
    return {(step.column.removeprefix("param."), step.start, step.stop): step for step in told}


def test_only_recipes_that_differ_in_nothing_else_are_compared(rows: list[Row]) -> None:
    told = found(rows)
    gains = {name: (step.gain.value, step.recipes) for name, step in told.items()}
    assert gains == {
        ("pairs", "2", "5"): (pytest.approx(0.95), 2),
        ("pairs", "5", "10"): (pytest.approx(0.8), 1),
        ("amplified", "0", "250"): (pytest.approx(0.8), 2),
        ("amplified", "250", "1,000"): (pytest.approx(1.05), 2),
        ("width", "8", "16"): (pytest.approx(0.9), 4),
        ("width", "16", "24"): (pytest.approx(0.2), 1),
    }


def test_one_comparison_is_as_unsure_as_its_two_scores(rows: list[Row]) -> None:
    arm = 0.5 * math.sqrt(2)
    assert found(rows)["pairs", "5", "10"].gain == pytest.approx(
        Estimate(0.8, 0.8 - arm, 0.8 + arm)
    )


def test_of_several_comparisons_their_spread_counts_too(rows: list[Row]) -> None:
    arm = T_1 * math.sqrt(2 * 0.15**2) / math.sqrt(2)  # of 0.8 and 1.1
    assert found(rows)["pairs", "2", "5"].gain.margin == pytest.approx(arm, rel=1e-4)


def test_comparisons_that_agree_are_as_unsure_as_their_scores(row: Make) -> None:
    rows = [
        row(f"t{width}{pairs}", pairs, 0, width, 30.0 + width + pairs, 1.0)
        for width in (8, 16, 24)
        for pairs in (2, 5)
    ]
    step = found(rows)["pairs", "2", "5"]
    assert step.gain == pytest.approx(Estimate(3.0, 3 - math.sqrt(1 / 6), 3 + math.sqrt(1 / 6)))


def test_seeds_count_once_and_as_what_they_leave_open(row: Make) -> None:
    rows = [
        row("t0", 2, 0, 8, 35.0, 1.0, seed=7),
        row("t1", 2, 0, 8, 35.4, 1.0, seed=8),
        row("t2", 5, 0, 8, 36.0, 1.0, seed=7),
    ]
    step = found(rows)["pairs", "2", "5"]
    assert (step.gain.value, step.recipes) == (pytest.approx(0.8), 1)
    variance = 2 * (0.5 / ARM) ** 2 + 0.08 / 2 + 0.08
    assert step.gain.margin == pytest.approx(ARM * math.sqrt(variance))


def test_a_score_without_intervals_has_the_spread_alone(rows: list[Row]) -> None:
    told = steps(recipes(pl.DataFrame(rows), "size.params", "minimize"))
    (step,) = (s for s in told if (s.column, s.start) == ("param.width", "16"))
    assert step.gain == Estimate(143 * (24**2 - 16**2))


def test_costs_are_the_mean_differences(row: Make) -> None:
    spent = [(0, 0.0, 10.0), (100, 30.0, 12.0), (400, 90.0, 13.0)]
    rows = [
        row(f"t{images}", 5, images, 8, 35.0, 1.0)
        | {"amplified_key": "a" if images else None}
        | {"cost.amplify_s": amplify, "cost.train_s": train}
        for images, amplify, train in spent
    ]
    told = found(rows)
    assert told["amplified", "0", "100"].costs == {
        "amplify_s": 30.0, "gpu_s": None, "train_s": 2.0,
    }  # fmt: skip
    assert told["amplified", "100", "400"].costs["amplify_s"] == pytest.approx(90.0)


def test_what_shapes_amplified_images_is_not_judged_by_recipes_without_any(row: Make) -> None:
    rows = [
        row(f"t{images}{strength}", 5, images, 8, psnr, 1.0, **{"param.lambda_makeup": strength})
        for images, strength, psnr in [
            (0, 0.5, 33.0),
            (0, 1.0, 33.2),
            (9, 0.5, 35.0),
            (9, 1.0, 36.0),
        ]
    ]
    step = found(rows)["lambda_makeup", "0.5", "1"]
    assert (step.gain.value, step.recipes) == (1.0, 1)


def test_recipes_that_lack_a_parameter_are_alike_in_it(row: Make) -> None:
    rows = [
        row("t0", 2, 0, 8, 35.0, 1.0, **{"param.norm": None}),
        row("t1", 5, 0, 8, 36.0, 1.0, **{"param.norm": None}),
        row("t2", 5, 0, 8, 39.0, 1.0, **{"param.norm": "batch"}),
    ]
    told = found(rows)
    assert {name: step.gain.value for name, step in told.items()} == {("pairs", "2", "5"): 1.0}


def test_where_everything_differs_nothing_is_compared(row: Make) -> None:
    assert found([row("t0", 2, 0, 8, 35.0, 1.0), row("t1", 5, 9, 16, 36.0, 1.0)]) == {}


@given(st.data())
def test_an_effect_that_adds_up_is_found_whatever_else_varies(data: st.DataObject) -> None:
    points = data.draw(
        st.sets(st.tuples(*[st.integers(0, 3)] * 3), min_size=2, max_size=30), label="points"
    )
    rows = [
        {"trial": f"t{i}", "state": "complete", "quality.psnr": 2.0 * a + 3.0 * b - c}
        | {"param.a": a, "param.b": b, "param.c": c}
        for i, (a, b, c) in enumerate(sorted(points))
    ]
    slopes = {"param.a": 2.0, "param.b": 3.0, "param.c": -1.0}
    for step in steps(recipes(pl.DataFrame(rows), "quality.psnr", "maximize")):
        expected = slopes[step.column] * (int(step.stop) - int(step.start))
        assert step.gain.value == pytest.approx(expected)
