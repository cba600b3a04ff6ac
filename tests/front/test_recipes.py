from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.front import ARM, Estimate, recipes

Row = dict[str, Any]
Make = Callable[..., Row]
GAINS = {"quality.psnr_gain_lo": 4.0, "quality.psnr_gain_hi": 4.6}


def test_each_complete_recipe_is_a_row_with_the_parameters_that_vary(rows: list[Row]) -> None:
    found = recipes(pl.DataFrame(rows), "quality.psnr", "maximize")
    assert found.params == ("param.pairs", "param.amplified", "param.width")
    assert found.table["trial"].to_list() == [f"t{number:04}" for number in range(12)]
    assert found.estimate(3) == pytest.approx(Estimate(35.6, 35.1, 36.1))
    assert found.losses[3] == -35.6
    assert recipes(pl.DataFrame(rows), "size.params", "minimize").losses[3] == 143 * 64


def test_seeds_of_a_recipe_are_one_and_widen_all_intervals(row: Make) -> None:
    trials = [
        row("t0000", 5, 0, 8, 36.0, 100.0, seed=7),
        row("t0001", 5, 0, 16, 37.0, 100.0, seed=7),
        row("t0002", 5, 0, 8, 36.4, 100.0, seed=8),
    ]
    found = recipes(pl.DataFrame(trials), "quality.psnr", "maximize")
    assert found.table["trial"].to_list() == ["t0000", "t0001"]
    assert found.table["value"].to_list() == [pytest.approx(36.2), 37.0]
    # Of the seeds' variance, 0.08, the mean of two has a half.
    arms = [ARM * math.sqrt((0.5 / ARM) ** 2 + luck) for luck in (0.04, 0.08)]
    assert [found.estimate(place).margin for place in (0, 1)] == pytest.approx(arms)


def test_gains_tell_psnrs_apart_where_all_have_their_intervals(row: Make) -> None:
    trials = [
        row("t0000", 5, 0, 8, 35.0, 100.0, **GAINS, **{"quality.psnr_gain": 4.2}),
        row("t0001", 5, 0, 16, 36.0, 100.0, **GAINS, **{"quality.psnr_gain": 4.5}),
    ]
    found = recipes(pl.DataFrame(trials), "quality.psnr", "maximize")
    assert found.paired
    assert found.estimate(0) == pytest.approx(Estimate(35.0, 34.8, 35.4))
    trials[1]["quality.psnr_gain_lo"] = None
    unpaired = recipes(pl.DataFrame(trials), "quality.psnr", "maximize")
    assert not unpaired.paired
    assert unpaired.estimate(0) == pytest.approx(Estimate(35.0, 34.5, 35.5))


def test_a_score_without_an_interval_has_none(row: Make) -> None:
    trials = pl.DataFrame([row("t0000", 5, 0, 8, 35.0, 100.0)])
    assert recipes(trials, "size.params", "minimize").estimate(0) == Estimate(143 * 64)


def test_no_trials_have_no_recipes() -> None:
    empty = pl.DataFrame({"trial": [], "state": []}, schema={"trial": str, "state": str})
    found = recipes(empty, "quality.psnr", "maximize")
    assert (found.params, found.table.height) == ((), 0)
