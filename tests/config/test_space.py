from __future__ import annotations

from itertools import islice

import pytest
from pydantic import ValidationError

from paretint.config import Choices, FloatRange, IntRange, SearchSpace
from paretint.config.dimensions import extremes

PARAMETERS = {
    "pairs": {"choices": [2, 5]},
    "amplified": 100,
    "width": {"int": [4, 48], "step": 4},
    "learning_rate": {"float": [1e-4, 1e-2], "log": True},
}


def test_what_varies_and_what_does_not() -> None:
    space = SearchSpace.model_validate({"parameters": PARAMETERS})
    assert space.sampler == "ehvi"
    assert list(space.varying) == ["pairs", "width", "learning_rate"]
    assert space.constants == {"amplified": 100}
    assert space.varying["pairs"] == Choices(choices=(2, 5))
    assert SearchSpace.model_validate({"parameters": space.parameters}) == space


def test_values_of_each_form() -> None:
    choices = Choices(choices=(2, 5, 10))
    steps = IntRange.model_validate({"int": [4, 12], "step": 4})
    range_ = FloatRange.model_validate({"float": [0.5, 1.5]})
    assert [choices.contains(value) for value in (2, 3)] == [True, False]
    assert list(steps.values) == [4, 8, 12]
    assert [steps.contains(value) for value in (4, 12, 6, 16)] == [True, True, False, False]
    assert [range_.contains(value) for value in (0.5, 1.5, 1.6, "1")] == [True, True, False, False]
    assert [extremes(entry) for entry in (choices, steps, range_, 7)] == [
        (2, 5, 10),
        (4, 12),
        (0.5, 1.5),
        (7,),
    ]


def test_a_grid_ends_a_budget_that_is_larger() -> None:
    counts = {name: PARAMETERS[name] for name in ("pairs", "amplified", "width")}
    grid, random = (
        SearchSpace.model_validate({"sampler": sampler, "parameters": counts})
        for sampler in ("grid", "random")
    )
    assert [grid.trials_within(budget) for budget in (5, 24, 1000)] == [5, 24, 24]
    assert random.trials_within(1000) == 1000


def test_a_grid_that_nobody_could_list_is_refused() -> None:
    large = {name: {"int": [4, 24]} for name in ("pairs", "amplified", "width")}
    large |= {name: {"int": [0, 6]} for name in ("blocks", "amplifier.steps")}
    assert SearchSpace.model_validate({"parameters": large}).bound == 21**3 * 7**2
    with pytest.raises(ValidationError, match="a grid of 453,789 points is too large"):
        SearchSpace.model_validate({"sampler": "grid", "parameters": large})


def test_points_come_one_by_one() -> None:
    large = {name: {"int": [4, 24]} for name in ("pairs", "amplified", "width")}
    first, second, *_ = islice(SearchSpace.model_validate({"parameters": large}).points(), 3)
    assert first == {"pairs": 4, "amplified": 4, "width": 4}
    assert second == {"pairs": 4, "amplified": 4, "width": 5}


def test_a_range_over_a_parameter_of_a_few_values_has_no_others() -> None:
    told = {"pairs": 5, "amplified": 0, "width": 8}
    SearchSpace.model_validate({"parameters": {**told, "downscale": {"int": [1, 2]}}})
    SearchSpace.model_validate({"parameters": {**told, "stem": {"int": [3, 7], "step": 2}}})
    with pytest.raises(ValidationError, match="downscale: 3 should be 1, 2 or 4"):
        SearchSpace.model_validate({"parameters": {**told, "downscale": {"int": [1, 4]}}})


@pytest.mark.parametrize(
    ("model", "raw", "said"),
    [
        (Choices, {"choices": []}, "at least 1 item"),
        (Choices, {"choices": [1, 2, 1]}, "a choice is given twice"),
        (IntRange, {"int": [8, 4]}, "the range must ascend, and 8 is not below 4"),
        (IntRange, {"int": [4, 10], "step": 4}, "steps of 4 from 4 do not end at 10"),
        (IntRange, {"int": [0, 8], "log": True}, "a logarithmic range starts above 0, not at 0"),
        (IntRange, {"int": [4, 8], "log": True, "step": 2}, "a logarithmic range has no step"),
        (IntRange, {"int": [4.5, 8]}, "valid integer"),
        (FloatRange, {"float": [1.0, 1.0]}, "the range must ascend, and 1 is not below 1"),
        (FloatRange, {"float": [0.0, 1.0], "log": True}, "starts above 0, not at 0"),
        (FloatRange, {"float": [0.0, float("inf")]}, "finite number"),
    ],
)
def test_forms_that_hold_nothing(model: type[Choices], raw: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        model.model_validate(raw)
