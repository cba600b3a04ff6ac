"""Runs without a single trial, and what a trial of the tiny experiment works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import ray

from paretint.config import Budget, Experiment, SearchSpace, load_experiment, parse_rule
from paretint.faces import prepare_faces
from paretint.store import Run, Store
from paretint.sweep.progress import start_board
from paretint.sweep.shipping import Bench

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


@pytest.fixture
def board(cluster: None) -> Iterator[Any]:  # noqa: ARG001
    """The actor that holds what running trials say."""
    actor = start_board()
    yield actor
    ray.kill(actor)


@pytest.fixture
def bench(tmp_path: Path, tiny_file: Path, store_of_finished: Store) -> Bench:
    """What the trials of a new run of the tiny experiment share; no workers, no Core ML."""
    experiment = load_experiment(tiny_file)
    run = Run.create(tmp_path / "run", experiment)
    faces = prepare_faces(experiment.faces, experiment.seed, store_of_finished)
    return Bench(run.folder, store_of_finished, experiment, faces, (), lpips=False, coreml=False)
