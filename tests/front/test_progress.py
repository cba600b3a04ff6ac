from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.front import hypervolume, volume_progress


@st.composite
def searches(draw: st.DrawFn) -> list[tuple[int, ...]]:
    point = st.tuples(*[st.integers(-1, 4)] * draw(st.integers(1, 4)))
    return draw(st.lists(point, min_size=1, max_size=12))


@given(searches())
def test_agrees_with_the_hypervolume_after_each_row(points: list[tuple[int, ...]]) -> None:
    goals, reference = ["maximize"] * len(points[0]), [0] * len(points[0])
    by_itself = [hypervolume(points[: n + 1], reference, goals) for n in range(len(points))]
    assert volume_progress(points, reference, goals).tolist() == by_itself


@pytest.mark.parametrize("width", [2, 3])
def test_agrees_over_a_long_search(width: int) -> None:
    points = np.random.default_rng(width).normal(size=(600, width))
    goals = ["minimize", "maximize", "minimize"][:width]
    progress = volume_progress(points, [0.5] * width, goals)
    for n in (1, 10, 300, 600):
        assert progress[n - 1] == pytest.approx(hypervolume(points[:n], [0.5] * width, goals))


def test_two_objectives_by_hand() -> None:
    # (3, 1): 3; (1, 3): 2 more; (2, 2): 1 more; the next is dominated; the last is all of it.
    points = [(3, 1), (1, 3), (2, 2), (1, 1), (np.nan, 9), (-1, 9), (4, 4)]
    assert volume_progress(points, [0, 0], ["maximize"] * 2).tolist() == [3, 5, 6, 6, 6, 6, 16]


def test_no_trial_makes_no_progress() -> None:
    assert volume_progress(np.empty((0, 2)), [0, 0], ["maximize"] * 2).tolist() == []
