from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.front.halving import beaten_by_earlier

INF = float("inf")
NUMBER = st.sampled_from([0.0, 1.0, 2.0, 3.0, INF, -INF])


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=80))
def test_agrees_with_comparing_every_pair(rows: list[tuple[float, float]]) -> None:
    expected = [
        any(first <= row[0] and second <= row[1] for first, second in rows[:i])
        for i, row in enumerate(rows)
    ]
    first, second = np.array(rows).T
    assert beaten_by_earlier(first, second).tolist() == expected


@pytest.mark.parametrize("count", [15, 16, 17, 31, 33, 300])
def test_every_row_of_a_stair_is_beaten_by_none_and_of_the_next_stair_by_one(count: int) -> None:
    step = np.arange(float(count))
    first, second = np.tile(step, 2), np.tile(-step, 2)
    assert beaten_by_earlier(first, second).tolist() == [False] * count + [True] * count
