"""Seconds for a trial that does nothing: in this engine, and in Ray Tune as it comes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import optuna
import ray
from ray import tune
from ray.tune.search.optuna import OptunaSearch

from paretint.config import load_experiment
from paretint.store import Ledger, Run
from paretint.sweep.cluster import connected_ray, usable_cores
from paretint.sweep.engine import _tuner
from paretint.sweep.search import Search
from paretint.sweep.study import open_study
from paretint.sweep.trial import new_row

ROUNDS = 6
TRIALS = {"ours": 192, "stock": 12, "stock_reuse": 192}
"""So many that where processes are reused, the start of the first is little of it."""

PAIRS, COUNTS, WIDTHS = [2, 5, 10], list(range(0, 1200, 50)), [8, 16, 24, 32]


class Nothing(tune.Trainable):
    """A trial of one step, in a process that takes another trial after it."""

    def setup(self, config: dict[str, Any], experiment: Any = None) -> None:  # type: ignore[override]
        """Begin; experiment: of what the engine's row is, None for Tune's own sweep."""
        self._experiment = experiment
        self.reset_config(config)

    def reset_config(self, new_config: dict[str, Any]) -> bool:
        """Begin another trial in the same process."""
        self._config = new_config
        return True

    def step(self) -> dict[str, Any]:
        """Return scores that came from nowhere."""
        scores = {"quality.psnr": 30.0, "speed.fps": 100.0}
        if self._experiment is None:
            return scores | {"done": True}
        recipe = self._experiment.recipe(self._config["point"])
        row = new_row(self._config["trial"], recipe, self._experiment.seed)
        return {"row": row | scores | {"state": "complete"}, "done": True}

    def save_checkpoint(self, checkpoint_dir: str) -> None:
        """Save nothing."""

    def load_checkpoint(self, checkpoint: Any) -> None:
        """Load nothing."""


def noops(folder: Path) -> dict[str, float]:
    """Return ratios of medians over rounds that take turns, and the seconds themselves."""
    os.environ["RAY_AIR_NEW_OUTPUT"] = "0"
    kinds: dict[str, Callable[[Path, int], None]] = {
        "ours": _ours,
        "stock": partial(_stock, reuse=False),
        "stock_reuse": partial(_stock, reuse=True),
    }
    told: dict[str, list[float]] = {kind: [] for kind in kinds}
    ray.init(
        num_cpus=usable_cores(), include_dashboard=False, log_to_driver=False, logging_level="ERROR"
    )
    order = list(kinds.items())
    for turn in range(ROUNDS):
        # Each comes first as often: the first in a new Ray finds nothing warm.
        first = turn % len(order)
        for kind, sweep in order[first:] + order[:first]:
            place = folder / f"{kind}-{turn}"
            start = time.monotonic()
            with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
                sweep(place, TRIALS[kind])
            told[kind].append((time.monotonic() - start) / TRIALS[kind])
            print(f"{kind}: {told[kind][-1]:.3f} s a trial", flush=True)
    ray.shutdown()
    ours, stock, reuse = (median(told[kind]) for kind in kinds)
    return {
        "noop_over_stock": round(ours / stock, 3),
        "noop_over_stock_reuse": round(ours / reuse, 3),
        "noop_s": round(ours, 3),
        "stock_s": round(stock, 3),
        "stock_reuse_s": round(reuse, 3),
    }


def _ours(folder: Path, trials: int) -> None:
    parameters = {"pairs": PAIRS, "amplified": COUNTS, "width": WIDTHS}
    space = [f"search_space.parameters.{k}.choices={v}" for k, v in parameters.items()]
    changes = ["search_space.first=[]", f"budget.trials={trials}", *space]
    run = Run.create(folder, load_experiment("quickstart", changes))
    search = Search.of(run, open_study(run))
    trainable = tune.with_parameters(Nothing, experiment=run.experiment)
    # As the engine tells Tune to work; the others shall not be told.
    with patch.dict(os.environ), connected_ray() as cores:
        _tuner(run, search, trainable, cores).fit()
    assert Ledger(run).trials()["state"].to_list() == ["complete"] * trials


def _stock(folder: Path, trials: int, reuse: bool) -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = {
        name: tune.choice(choices)
        for name, choices in (("pairs", PAIRS), ("amplified", COUNTS), ("width", WIDTHS))
    }
    search = OptunaSearch(metric=["quality.psnr", "speed.fps"], mode=["max", "max"])
    found = tune.Tuner(
        tune.with_resources(Nothing, {"cpu": 1}),
        param_space=space,
        tune_config=tune.TuneConfig(
            search_alg=search,
            num_samples=trials,
            max_concurrent_trials=usable_cores(),
            reuse_actors=reuse,
        ),
        run_config=tune.RunConfig(name="stock", storage_path=str(folder), verbose=0),
    ).fit()
    assert len(found) == trials
    assert not found.errors
