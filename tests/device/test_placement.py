from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.device.placement import Placed, npu_share

CONV, ADD = Placed("ios16.conv", "npu", 0.6), Placed("ios16.add", "cpu", 0.2)


def test_by_cost_where_every_operator_has_one() -> None:
    assert npu_share([CONV, ADD]) == pytest.approx(0.75)
    assert npu_share([ADD]) == 0


@pytest.mark.parametrize("cost", [None, 0.0])
def test_by_number_where_one_has_none_or_all_cost_nothing(cost: float | None) -> None:
    operators = [CONV._replace(cost=cost), ADD._replace(cost=None if cost is None else 0.0)]
    assert npu_share([*operators, operators[1]]) == pytest.approx(1 / 3)


def test_one_cost_that_is_missing_makes_it_a_count() -> None:
    assert npu_share([CONV, ADD, ADD._replace(cost=None)]) == pytest.approx(1 / 3)


def test_of_nothing() -> None:
    assert npu_share([]) is None


UNITS = st.sampled_from(["cpu", "gpu", "npu"])


@given(st.lists(st.builds(Placed, st.just("op"), UNITS, st.none() | st.floats(0, 1)), min_size=1))
def test_a_share_lies_between_nothing_and_all(operators: list[Placed]) -> None:
    share = npu_share(operators)
    assert share is not None
    assert 0 <= share <= 1
