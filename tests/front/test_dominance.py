from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.front import non_dominated
from paretint.front.dominance import front_counts

# Few distinct numbers, so that ties and equal rows come up all the time.
NUMBERS = st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.5, float("inf"), float("nan")])
GOALS = st.sampled_from(["maximize", "minimize"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[float]], list[str]]:
    width = draw(st.integers(1, 4))
    row = st.lists(NUMBERS, min_size=width, max_size=width)
    goals = st.lists(GOALS, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=12)), draw(goals)


def dominates(a: list[float], b: list[float], goals: list[str]) -> bool:
    signs = [1 if goal == "minimize" else -1 for goal in goals]
    pairs = [(sign * x, sign * y) for sign, x, y in zip(signs, a, b, strict=True)]
    return all(x <= y for x, y in pairs) and any(x < y for x, y in pairs)


@given(tables())
def test_agrees_with_comparing_every_pair(table: tuple[list[list[float]], list[str]]) -> None:
    rows, goals = table
    expected = [
        not any(np.isnan(row)) and not any(dominates(other, row, goals) for other in rows)
        for row in rows
    ]
    assert non_dominated(rows, goals).tolist() == expected


@st.composite
def clouds(draw: st.DrawFn) -> tuple[np.ndarray, list[str]]:
    """So many points that most are dropped before any are compared, with ties or without."""
    width, spread = draw(st.integers(2, 4)), draw(st.sampled_from([3, 20, 10**6]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points = rng.integers(spread, size=(draw(st.integers(250, 400)), width)).astype(float)
    if draw(st.booleans()):  # near a sphere most points are of the front
        points = np.sqrt(points) / np.linalg.norm(np.sqrt(points), axis=1, keepdims=True).clip(1)
    points[rng.random(points.shape) < 0.01] = draw(NUMBERS)
    return points, draw(st.lists(GOALS, min_size=width, max_size=width))


@given(clouds())
def test_of_many_points_too(cloud: tuple[np.ndarray, list[str]]) -> None:
    points, goals = cloud
    losses = points * [1.0 if goal == "minimize" else -1.0 for goal in goals]
    no_worse = (losses[:, None] <= losses).all(axis=2)
    better = (losses[:, None] < losses).any(axis=2)
    expected = ~(no_worse & better).any(axis=0) & ~np.isnan(losses).any(axis=1)
    assert non_dominated(points, goals).tolist() == expected.tolist()


@given(st.integers(1, 4), st.integers(0, 30), st.sampled_from([3, 10**6]), st.integers(0, 2**32))
def test_counts_are_of_each_tables_own_front(
    objectives: int, rows: int, spread: int, seed: int
) -> None:
    losses = np.random.default_rng(seed).integers(spread, size=(5, rows, objectives)).astype(float)
    masks = [non_dominated(table, ["minimize"] * objectives) for table in losses]
    assert front_counts(losses).tolist() == np.sum(masks, axis=0).tolist()


def test_quality_against_speed_by_hand() -> None:
    psnr_fps = [(36.0, 100.0), (37.0, 60.0), (36.5, 60.0), (38.0, 20.0), (35.0, 100.0)]
    mask = non_dominated(psnr_fps, ["maximize", "maximize"])
    assert mask.tolist() == [True, True, False, True, False]


def test_every_copy_of_a_front_point_is_kept() -> None:
    assert non_dominated([(1, 1), (1, 1), (0, 1)], ["maximize"] * 2).tolist() == [True, True, False]


def test_no_rows_give_an_empty_mask() -> None:
    assert non_dominated(np.empty((0, 2)), ["maximize", "minimize"]).shape == (0,)


def test_goals_and_columns_must_agree() -> None:
    with pytest.raises(ValueError, match=r"2 goals for values of shape \(1, 3\)"):
        non_dominated([(1, 2, 3)], ["maximize", "maximize"])
