from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paretint.front import non_dominated, places
from paretint.front.ranking import crowding, layers

#  quality, fps: two on the front, two behind it, one behind those
POINTS = [[3.0, 1.0], [1.0, 3.0], [2.0, 1.0], [1.0, 2.0], [1.0, 1.0]]
GOALS = ["maximize", "maximize"]
VALUES = arrays(np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.integers(0, 4))


def test_layers_are_fronts_of_what_is_left() -> None:
    assert layers(POINTS, ["maximize", "maximize"]).tolist() == [0, 0, 1, 1, 2]
    assert layers(POINTS, ["minimize", "minimize"]).tolist() == [2, 2, 1, 1, 0]


def test_crowding_is_the_room_between_neighbours() -> None:
    front = np.array([[0.0, 10.0], [1.0, 4.0], [2.0, 2.0], [10.0, 0.0]])
    room = crowding(front)
    assert room[[0, 3]].tolist() == [math.inf, math.inf]
    assert room[1:3].tolist() == pytest.approx([0.2 + 0.8, 0.9 + 0.4])
    assert crowding(np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]])).tolist()[1] == 0.0


def test_who_has_more_room_is_ahead_in_a_layer() -> None:
    front = [[0.0, 10.0], [1.0, 4.0], [2.0, 2.0], [10.0, 0.0]]
    assert places(front, ["minimize", "minimize"]).tolist() == [0, 3, 2, 1]


@given(VALUES)
def test_everyone_has_a_place_and_the_front_comes_first(values: np.ndarray) -> None:
    place = places(values, ["maximize", "minimize"])
    assert sorted(place) == list(range(len(values)))
    ahead = non_dominated(values, ["maximize", "minimize"])
    assert set(place[ahead]) == set(range(int(ahead.sum())))
