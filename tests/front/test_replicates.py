from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from paretint.config import Objective
from paretint.front import membership, replicates

Row = dict[str, Any]
Make = Callable[..., Row]


def test_recipes_are_told_apart_by_their_parameters_and_the_same_seed_is_no_repetition(
    row: Make,
) -> None:
    rows = [
        row("t0000", 5, 0, 8, 36.0, 100.0, seed=7),
        row("t0001", 5, 0, 16, 36.0, 100.0, seed=7),
        row("t0002", 5, 0, 8, 36.0, 100.0, seed=8),
        row("t0003", 5, 0, 8, 36.0, 100.0, seed=7),
    ]
    found = replicates(pl.DataFrame(rows))
    assert found.of.tolist() == [0, 1, 0, 2]
    assert found.counts.tolist() == [2, 1, 1]


def test_means_and_the_variance_that_recipes_have_in_common(row: Make) -> None:
    told = [(8, 7), (8, 8), (16, 7), (16, 8), (16, 9), (24, 7)]
    rows = [row(f"t{i}", 5, 0, width, 0.0, 1.0, seed=seed) for i, (width, seed) in enumerate(told)]
    found = replicates(pl.DataFrame(rows))
    values = np.array([[1.0], [3.0], [4.0], [5.0], [6.0], [9.0]])
    assert found.mean(values).tolist() == [[2.0], [5.0], [9.0]]
    assert found.variance(values).tolist() == [pytest.approx((1 + 1 + 1 + 0 + 1) / 3)]


def test_without_a_second_seed_nothing_is_known_of_their_luck(rows: list[Row]) -> None:
    found = replicates(pl.DataFrame(rows))
    assert found.variance(np.arange(14.0)[:, None]).tolist() == [0.0]


def shares(trials: list[Row], objectives: tuple[Objective, ...]) -> dict[str, float]:
    sure = [trial | {"quality.psnr_lo": None, "quality.psnr_hi": None} for trial in trials]
    return dict(membership(pl.DataFrame(sure), objectives, draws=4000).iter_rows())


def test_a_recipe_s_seeds_share_its_membership_and_do_not_beat_each_other(
    row: Make, objectives: tuple[Objective, ...]
) -> None:
    trials = [
        row("t0000", 5, 0, 8, 36.0, 100.0, seed=7),
        row("t0001", 5, 0, 8, 36.4, 100.0, seed=8),
        row("t0002", 5, 0, 16, 36.1, 100.0, seed=7),
    ]
    found = shares(trials, objectives)
    deviation = math.sqrt(0.08 / 2 + 0.08)  # of the mean of two seeds, and of the other's one
    likely = 0.5 * (1 + math.erf(0.1 / deviation / math.sqrt(2)))
    assert found["t0000"] == found["t0001"] == pytest.approx(likely, abs=0.02)
    assert found["t0002"] == pytest.approx(1 - likely, abs=0.02)
