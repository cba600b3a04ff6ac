"""Which points of a space are weighed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from paretint.config import Point, SearchSpace
from paretint.sweep.proposals import candidates

SMALL: dict[str, Any] = {"pairs": {"int": [1, 5]}, "amplified": 100, "width": 8}


def drawn(most: int, **changes: Any) -> list[Point]:
    space = SearchSpace.model_validate({"parameters": SMALL | changes})
    return candidates(space, most, np.random.default_rng(0))


def test_of_a_small_space_all_are_weighed() -> None:
    assert sorted(point["pairs"] for point in drawn(5)) == [1, 2, 3, 4, 5]


def test_of_a_larger_one_so_many_that_differ() -> None:
    pairs = [point["pairs"] for point in drawn(100, pairs={"int": [1, 1000]})]
    assert len(pairs) == len(set(pairs)) == 100


def test_of_one_that_nobody_could_list_so_many_at_random() -> None:
    changes = {name: {"int": [1, 100_000]} for name in ("pairs", "amplified")}
    points = drawn(50, **changes, learning_rate={"float": [1e-4, 1e-2], "log": True})
    assert len(points) == 50
    assert all(1e-4 <= float(point["learning_rate"]) <= 1e-2 for point in points)


@pytest.mark.parametrize("pairs", [1, {"choices": [1, 2, 3, 4, 5, 6]}])  # listed, and not
def test_a_logarithmic_range_is_drawn_evenly_in_its_logarithm(pairs: Any) -> None:
    amplified = {"int": [50, 4000], "log": True}
    counts = [point["amplified"] for point in drawn(100, pairs=pairs, amplified=amplified)]
    assert all(50 <= int(count) <= 4000 for count in counts)
    middle = np.sqrt(50 * 4000)
    assert np.mean([count < middle for count in counts]) == pytest.approx(0.5, abs=0.15)
