"""Seconds for a trial that does nothing: in this engine, and in Ray Tune as it comes."""

from __future__ import annotations

import os
import time
from contextlib import redirect_stdout
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

TRIALS, ROUNDS = 48, 3
PAIRS, COUNTS, WIDTHS = [2, 5, 10], [0, 100, 200, 400], [8, 16, 24, 32]


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
    kinds = {"ours": _ours, "stock": _stock, "stock_reuse": _stock_reuse}
    told: dict[str, list[float]] = {kind: [] for kind in kinds}
    ray.init(
        num_cpus=usable_cores(), include_dashboard=False, log_to_driver=False, logging_level="ERROR"
    )
    order = list(kinds.items())
    for turn in range(ROUNDS):
        # Each comes first once: the first in a new Ray finds nothing warm.
        for kind, sweep in order[turn:] + order[:turn]:
            place = folder / f"{kind}-{turn}"
            start = time.monotonic()
            with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
                sweep(place)
            told[kind].append((time.monotonic() - start) / TRIALS)
            print(f"{kind}: {told[kind][-1]:.2f} s a trial", flush=True)
    ray.shutdown()
    ours, stock, reuse = (median(told[kind]) for kind in kinds)
    return {
        "noop_over_stock": round(ours / stock, 3),
        "noop_over_stock_reuse": round(ours / reuse, 3),
        "noop_s": round(ours, 3),
        "stock_s": round(stock, 3),
        "stock_reuse_s": round(reuse, 3),
    }


def _ours(folder: Path) -> None:
    parameters = {"pairs": PAIRS, "amplified": COUNTS, "width": WIDTHS}
    space = [f"search_space.parameters.{k}.choices={v}" for k, v in parameters.items()]
    changes = ["search_space.first=[]", f"budget.trials={TRIALS}", *space]
    run = Run.create(folder, load_experiment("quickstart", changes))
    search = Search.of(run, open_study(run))
    trainable = tune.with_parameters(Nothing, experiment=run.experiment)
    # As the engine tells Tune to work; the others shall not be told.
    with patch.dict(os.environ), connected_ray() as cores:
        _tuner(run, search, trainable, cores).fit()
    assert Ledger(run).trials()["state"].to_list() == ["complete"] * TRIALS


def _stock(folder: Path, reuse: bool = False) -> None:
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
            num_samples=TRIALS,
            max_concurrent_trials=usable_cores(),
            reuse_actors=reuse,
        ),
        run_config=tune.RunConfig(name="stock", storage_path=str(folder), verbose=0),
    ).fit()
    assert len(found) == TRIALS
    assert not found.errors


def _stock_reuse(folder: Path) -> None:
    _stock(folder, reuse=True)
