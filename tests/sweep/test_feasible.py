from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from paretint import UserError
from paretint.amplify.weights import shipped_weights
from paretint.config import Experiment, SearchSpace, parse_rule
from paretint.export import sizes
from paretint.sweep.candidate import network_of
from paretint.sweep.feasible import check_bases, check_feasible

PARAMETERS: dict[str, Any] = {
    "pairs": {"choices": [2, 5]},
    "amplified": {"choices": [0, 250]},
    "width": {"choices": [8, 16]},
}


def ruled(experiment: Experiment, *rules: str, **more: Any) -> Experiment:
    space = SearchSpace.model_validate({"parameters": PARAMETERS | more})
    changes = {"search_space": space, "constraints": tuple(map(parse_rule, rules))}
    return experiment.model_copy(update=changes)


@pytest.mark.parametrize(
    "rules",
    [
        [],
        ["param.width >= 16", "param.pairs <= 2"],
        ["speed.fps >= 1e9", "size.onnx_bytes <= 1"],  # files tell, and there are none yet
        ["size.params <= 100000"],
    ],
)
def test_what_may_be_met_is_let_pass(experiment: Experiment, rules: list[str]) -> None:
    check_feasible(ruled(experiment, *rules))


def test_of_an_endless_space_nothing_is_said(experiment: Experiment) -> None:
    endless = {"learning_rate": {"float": [1e-4, 1e-2]}}
    check_feasible(ruled(experiment, "param.width >= 32", **endless))


def test_the_nearest_recipe_is_told(experiment: Experiment) -> None:
    with pytest.raises(
        UserError, match=r"^constraints: no recipe meets param\.width >= 32; nearest"
    ):
        check_feasible(ruled(experiment, "param.width >= 32"))
    recipe = experiment.recipe({"pairs": 2, "amplified": 0, "width": 8})
    params = sizes(network_of(recipe, seed=0), 64).params
    with pytest.raises(UserError) as raised:
        check_feasible(ruled(experiment, "size.params <= 100"))
    assert re.search(r"nearest is pairs \d · amplified \d+ · width 8 with", str(raised.value))
    assert f"with size.params {params:,}: relax to size.params <= " in str(raised.value)


def test_rules_that_exclude_each_other(experiment: Experiment) -> None:
    with pytest.raises(UserError, match=r"no recipe meets param\.width >= 16 and size\.params <= "):
        check_feasible(ruled(experiment, "param.width >= 16", "size.params <= 20000"))


def test_the_weights_of_every_base_are_looked_at(experiment: Experiment, tmp_path: Path) -> None:
    check_bases(ruled(experiment))
    absent = str(tmp_path / "absent.safetensors")
    for told in (absent, {"choices": [str(shipped_weights()), absent]}):
        with pytest.raises(UserError, match=r"absent\.safetensors"):
            check_bases(ruled(experiment, **{"amplifier.weights": told}))
    check_bases(ruled(experiment, **{"amplifier.weights": str(shipped_weights())}))
