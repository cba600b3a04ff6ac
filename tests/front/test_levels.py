from __future__ import annotations

import polars as pl
import pytest

from paretint.front import levels


@pytest.mark.parametrize(
    ("values", "texts", "of"),
    [
        ([1000, 0, 250, 0], ("0", "250", "1,000"), [2, 0, 1, 0]),
        (["none", "batch", None], ("batch", "none"), [1, 0, -1]),
        ([0.001, 0.01], ("0.001", "0.01"), [0, 1]),
        ([None, None], (), [-1, -1]),
    ],
)
def test_few_values_are_levels_themselves(
    values: list[object], texts: tuple[str, ...], of: list[int]
) -> None:
    found = levels(pl.DataFrame({"param.x": values}), "param.x")
    assert found.texts == texts
    assert found.of.tolist() == of


def test_many_numbers_are_held_together_in_parts_of_equal_size() -> None:
    values = [*range(10), None]
    found = levels(pl.DataFrame({"param.x": values}), "param.x")
    assert found.texts == ("0 to 1", "2 to 3", "4 to 5", "6 to 7", "8 to 9")
    assert found.of.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, -1]


def test_a_value_that_most_have_is_a_part_of_its_own() -> None:
    values = [0] * 20 + list(range(1, 10))
    found = levels(pl.DataFrame({"param.x": values}), "param.x")
    assert found.texts == ("0", "1 to 3", "4 to 9")
    assert len(found.of) == 29
    assert found.of[:20].tolist() == [0] * 20


def test_text_is_never_held_together() -> None:
    names = [f"n{number:02}" for number in range(12)]
    assert levels(pl.DataFrame({"param.x": names}), "param.x").texts == tuple(names)
