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
def test_agrees_with_the_hypervolume_of_the_first_rows(points: list[tuple[int, ...]]) -> None:
    goals, reference = ["maximize"] * len(points[0]), [0] * len(points[0])
    counts, volumes = volume_progress(points, reference, goals)
    assert counts.tolist() == list(range(1, len(points) + 1))
    assert volumes.tolist() == [hypervolume(points[:n], reference, goals) for n in counts]


@pytest.mark.parametrize(("width", "looks"), [(2, 600), (3, 60), (4, 60)])
def test_agrees_over_a_long_search(width: int, looks: int) -> None:
    points = np.random.default_rng(width).normal(size=(600, width))
    goals = ["minimize", "maximize", "minimize", "minimize"][:width]
    counts, volumes = volume_progress(points, [0.5] * width, goals)
    assert (len(counts), counts[-1]) == (looks, 600)
    for place in (0, looks // 2, looks - 1):
        alone = hypervolume(points[: counts[place]], [0.5] * width, goals)
        assert volumes[place] == pytest.approx(alone)


def test_two_objectives_by_hand() -> None:
    # (3, 1): 3; (1, 3): 2 more; (2, 2): 1 more; the next is dominated; the last is all of it.
    points = [(3, 1), (1, 3), (2, 2), (1, 1), (np.nan, 9), (-1, 9), (4, 4)]
    _, volumes = volume_progress(points, [0, 0], ["maximize"] * 2)
    assert volumes.tolist() == [3, 5, 6, 6, 6, 6, 16]


@pytest.mark.parametrize("width", [2, 3])
def test_no_trial_makes_no_progress(width: int) -> None:
    counts, volumes = volume_progress(np.empty((0, width)), [0] * width, ["maximize"] * width)
    assert (counts.tolist(), volumes.tolist()) == ([], [])
