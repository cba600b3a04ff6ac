from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.front import Estimate, recipes, score_grids

Make = Callable[..., dict[str, Any]]
PAIRS, AMPLIFIED, WIDTH = "param.pairs", "param.amplified", "param.width"


@pytest.fixture
def trials(row: Make) -> pl.DataFrame:
    return pl.DataFrame(
        [
            row("t0000", 5, 0, 16, 35.0, 400.0),
            row("t0001", 5, 0, 16, 34.0, 400.0, **{"param.blocks": 2}),
            row("t0002", 2, 500, 16, 36.0, 400.0),
            row("t0003", 5, 500, 8, 37.0, 800.0),
        ]
    )


def score(value: float) -> Any:
    return pytest.approx(Estimate(value, value - 0.5, value + 0.5))


def test_a_grid_holds_the_best_of_each_cell(trials: pl.DataFrame) -> None:
    found = recipes(trials, "quality.psnr", "maximize")
    narrow, wide = score_grids(found, AMPLIFIED, PAIRS, WIDTH)
    assert (narrow.by, wide.by) == ("8", "16")
    assert (wide.down, wide.across) == (("2", "5"), ("0", "500"))
    assert wide.cells == ((None, score(36.0)), (score(35.0), None))
    assert narrow.cells == ((None, None), (None, score(37.0)))


def test_the_best_is_the_least_where_less_is_better(trials: pl.DataFrame) -> None:
    (grid,) = score_grids(recipes(trials, "size.params", "minimize"), AMPLIFIED)
    assert (grid.by, grid.down, grid.across) == (None, ("",), ("0", "500"))
    assert grid.cells == ((Estimate(143 * 256), Estimate(143 * 64)),)


def test_seeds_of_one_recipe_stand_for_their_mean(row: Make) -> None:
    lucky = [(8, 36.0, 7), (8, 35.0, 8), (16, 35.2, 7)]
    trials = [
        row(f"t{i}", 5, 0, 8, psnr, 1.0, seed=seed, **{"param.blocks": blocks})
        for i, (blocks, psnr, seed) in enumerate(lucky)
    ]
    found = recipes(pl.DataFrame(trials), "quality.psnr", "maximize")
    assert found.params == ("param.blocks",)
    (grid,) = score_grids(found, "param.blocks")
    assert [cell.value for cell in grid.cells[0] if cell] == [35.5, 35.2]


def test_the_gain_is_the_last_column_s_over_the_first_s(rows: list[dict[str, Any]]) -> None:
    found = recipes(pl.DataFrame(rows), "quality.psnr", "maximize")
    grid = score_grids(found, AMPLIFIED, PAIRS, WIDTH)[1]
    assert grid.by == "16"
    arm = 0.5 * 2**0.5
    assert grid.gain(1) == pytest.approx(Estimate(2.0, 2.0 - arm, 2.0 + arm))
    assert grid.gain(0) is None
