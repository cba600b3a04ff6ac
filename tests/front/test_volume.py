from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.front import hypervolume


@st.composite
def grids(draw: st.DrawFn) -> list[tuple[int, ...]]:
    width = draw(st.integers(1, 4))
    point = st.tuples(*[st.integers(-1, 4)] * width)
    return draw(st.lists(point, min_size=1, max_size=8))


def cells_under(points: list[tuple[int, ...]]) -> int:
    """Counts the unit cells of the positive orthant that some point covers."""
    width = len(points[0])
    cells = itertools.product(range(4), repeat=width)
    return sum(
        any(all(c < x for c, x in zip(cell, p, strict=True)) for p in points) for cell in cells
    )


@given(grids())
def test_agrees_with_counting_cells(points: list[tuple[int, ...]]) -> None:
    width = len(points[0])
    assert hypervolume(points, [0] * width, ["maximize"] * width) == cells_under(points)


@given(grids())
def test_the_goal_is_only_a_direction(points: list[tuple[int, ...]]) -> None:
    width = len(points[0])
    mirrored = -np.array(points)
    assert hypervolume(mirrored, [0] * width, ["minimize"] * width) == cells_under(points)


@pytest.mark.parametrize("width", [2, 3, 4])
def test_of_many_points_too(width: int) -> None:
    side = 20 if width < 4 else 12
    points = np.random.default_rng(width).integers(1, side, size=(700, width))
    points = points[np.linalg.norm(points, axis=1) < side]  # a large front
    covered = np.zeros((side,) * width, dtype=bool)
    for point in points:
        covered[tuple(slice(x) for x in point)] = True
    assert hypervolume(points, [0] * width, ["maximize"] * width) == covered.sum()


def test_two_objectives_by_hand() -> None:
    # 20 fps x 6 dB, then 40 more x 4 dB, then 40 more x 3 dB, over 30 dB and 0 fps.
    points = [(36.0, 20.0), (34.0, 60.0), (33.0, 100.0), (33.0, 90.0)]
    assert hypervolume(points, (30.0, 0.0), ["maximize", "maximize"]) == 20 * 6 + 40 * 4 + 40 * 3


def test_points_that_do_not_beat_the_reference_add_nothing() -> None:
    points = [(29.0, 1000.0), (36.0, 5.0), (30.0, 50.0), (np.nan, 50.0), (np.inf, 50.0)]
    assert hypervolume(points, (30.0, 5.0), ["maximize", "maximize"]) == 0.0


def test_no_points_have_no_volume() -> None:
    for width in (1, 2, 3):
        volume = hypervolume(np.empty((0, width)), [0] * width, ["minimize"] * width)
        assert str(volume) == "0.0"  # -0.0 would be shown as such


def test_a_reference_must_be_finite() -> None:
    with pytest.raises(ValueError, match="a reference point is 2 finite numbers"):
        hypervolume([(1, 1)], (0, np.nan), ["maximize", "maximize"])
