from __future__ import annotations

import numpy as np
import pytest

from paretint.front.sieve import sieve


def test_of_points_spread_evenly_few_are_left() -> None:
    losses = np.random.default_rng(0).random((100_000, 2))
    assert len(sieve(losses)) < 2_000


def test_few_rows_or_one_objective_are_all_kept() -> None:
    for shape in ((100, 3), (1000, 1)):
        assert sieve(np.zeros(shape)).tolist() == list(range(shape[0]))


@pytest.mark.parametrize("worst", [1e300, np.inf])
def test_a_few_very_bad_values_do_not_blunt_it(worst: float) -> None:
    losses = np.random.default_rng(0).random((100_000, 2))
    losses[:100, 0] = worst
    assert len(sieve(losses)) < 2_000


def test_what_has_one_value_is_kept() -> None:
    losses = np.ones((1000, 2))
    losses[:, 1] = np.inf
    assert len(sieve(losses)) == 1000
