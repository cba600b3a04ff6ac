from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paretint.front import gains, hypervolume

REFERENCE = np.array([4.0, 4.0])


def test_what_points_add_to_a_front_of_two() -> None:
    front = np.array([[1.0, 3.0], [3.0, 1.0]])
    points = np.array([[2.0, 2.0], [0.0, 0.0], [1.0, 3.0], [3.5, 3.5], [0.0, 5.0]])
    assert gains(points, front, REFERENCE).tolist() == [1.0, 11.0, 0.0, 0.0, 0.0]


def test_without_a_front_a_point_adds_its_box() -> None:
    assert gains(np.array([[1.0, 2.0]]), np.zeros((0, 2)), REFERENCE).tolist() == [6.0]


@pytest.mark.parametrize("objectives", [2, 3])
@given(data=st.data())
def test_a_gain_is_the_difference_of_hypervolumes(objectives: int, data: st.DataObject) -> None:
    def some(most: int) -> np.ndarray:
        shape = st.tuples(st.integers(0, most), st.just(objectives))
        return data.draw(arrays(np.float64, shape, elements=st.integers(0, 5)))

    front, points = some(5), some(3)
    worst, goals = np.full(objectives, 4.0), ["minimize"] * objectives
    before = hypervolume(front, worst, goals)
    after = [hypervolume(np.vstack([front, point]), worst, goals) for point in points]
    assert gains(points, front, worst).tolist() == pytest.approx([v - before for v in after])
