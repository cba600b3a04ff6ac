"""Runs without a single trial, whose search and constraints a test chooses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Budget, Experiment, SearchSpace, parse_rule
from paretint.store import Run

PARAMETERS = {
    "pairs": {"choices": [2, 5]},
    "amplified": {"choices": [0, 100]},
    "width": {"choices": [8, 16]},
}


@pytest.fixture
def new_run(tmp_path: Path, experiment: Experiment) -> Callable[..., Run]:
    """Gives a run of the made-up experiment over 8 points, without trials."""

    def make(
        sampler: str = "random", first: list[Any] | None = None, trials: int = 8, *rules: str
    ) -> Run:
        space = {"sampler": sampler, "parameters": PARAMETERS, "first": first or []}
        changes = {
            "search_space": SearchSpace.model_validate(space),
            "constraints": tuple(parse_rule(rule) for rule in rules),
            "budget": Budget(trials=trials),
        }
        return Run.create(tmp_path / "runs" / "new", experiment.model_copy(update=changes))

    return make
