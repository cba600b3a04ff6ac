from __future__ import annotations

import pytest

from paretint.config import SearchSpace
from paretint.sweep.features import Features

SPACE = SearchSpace.model_validate(
    {
        "parameters": {
            "pairs": {"choices": [1, 10, 2]},
            "amplified": {"int": [10, 1000], "log": True},
            "width": {"int": [8, 24], "step": 4},
            "norm": {"choices": ["none", "batch"]},
            "blocks": 4,
        }
    }
)


def test_every_parameter_that_varies_has_columns_between_0_and_1() -> None:
    recipe = {"pairs": 2, "amplified": 100, "width": 12, "norm": "batch", "blocks": 4}
    assert Features(SPACE)([recipe]).tolist() == [pytest.approx([0.5, 0.5, 0.25, 0.0, 1.0])]


def test_a_value_of_another_space_stands_between_the_choices() -> None:
    columns = Features(SPACE, ["pairs"])
    told = columns([{"pairs": 6}, {"pairs": 99}, {}]).ravel()
    assert told.tolist() == pytest.approx([0.75, 1.0, 0.0])


def test_no_parameter_that_counts() -> None:
    assert Features(SPACE, ["stem"])([{"pairs": 2}]).shape == (1, 0)
