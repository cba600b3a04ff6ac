"""A sweep whose trials share nothing, against the engine's."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import ray
from ray import tune
from rich.console import Console

from paretint.amplify import start_workers
from paretint.config import Experiment, load_experiment
from paretint.front import front_volume
from paretint.store import Ledger, Run, Store
from paretint.sweep.cluster import connected_ray
from paretint.sweep.engine import Ready, _tuner, prepare
from paretint.sweep.packing import AMPLIFIERS_SHARE
from paretint.sweep.progress import start_board
from paretint.sweep.search import Search
from paretint.sweep.shipping import Bench
from paretint.sweep.study import open_study
from paretint.sweep.trial import Trial

PARAMETERS = {"pairs": [2, 5, 10], "amplified": [50, 100, 200, 400], "width": [8, 16]}
TRIALS = 24
STAGES = ("speed", "amplify", "train", "ship")


class Alone(Trial):
    """A trial with a store of its own, which it leaves behind."""

    def reset_config(self, new_config: dict[str, Any]) -> bool:
        """Begin another trial, with nothing made."""
        own = tempfile.mkdtemp(prefix="alone-", dir=self._bench.run.parent)
        self._bench = replace(self._bench, store=Store(Path(own)))
        return super().reset_config(new_config)


def naive_over_ours(folder: Path) -> dict[str, Any]:
    """Return how many times as long the naive sweep takes, and what each worked at and found."""
    ours = ["search_space.first=[]", "stopping={eta: 3, dominated: 0.9}"]
    told = {
        "ours": _swept(folder / "ours", _experiment(*ours), Trial),
        "naive": _swept(folder / "naive", _experiment(), Alone),
    }
    seconds = {name: found["wall_s"] for name, found in told.items()}
    return {"naive_over_ours": round(seconds["naive"] / seconds["ours"], 2), **told}


def _experiment(*changes: str) -> Experiment:
    """The quickstart's with other parameters; a whole grid, which is the same for both."""
    space = [f"search_space.parameters.{k}.choices={v}" for k, v in PARAMETERS.items()]
    told = ["search_space.first=[]", f"budget.trials={TRIALS}", *space, *changes]
    return load_experiment("quickstart", told)


def _swept(folder: Path, experiment: Experiment, kind: type[Trial]) -> dict[str, Any]:
    """Run a sweep on Ray of its own, its faces rendered before; return its seconds and scores."""
    folder.mkdir()
    store, console = Store(folder / "store"), Console(quiet=True)
    ready = prepare(experiment, store, console)
    run = Run.create(folder / "run", experiment)
    with connected_ray() as cores:
        seconds = _timed(run, ready, store, kind, cores)
    trials = Ledger(run).trials()
    states = dict(trials["state"].value_counts().iter_rows())
    assert set(states) <= {"complete", "stopped"}, states
    return {
        "wall_s": round(seconds, 1),
        **{f"{stage}_s": round(trials[f"cost.{stage}_s"].sum(), 1) for stage in STAGES},
        "trials": states,
        "hypervolume": round(front_volume(trials, experiment.objectives), 1),
    }


def _timed(run: Run, ready: Ready, store: Store, kind: type[Trial], cores: int) -> float:
    board, workers = start_board(), tuple(start_workers(of_gpu=AMPLIFIERS_SHARE))
    bench = Bench(
        run.folder, store, run.experiment, ready.faces, workers, lpips=False, coreml=False
    )
    search = Search.of(run, open_study(run))
    trainable = tune.with_parameters(kind, bench=bench, board=board)
    start = time.monotonic()
    _tuner(run, search, trainable, cores).fit()
    seconds = time.monotonic() - start
    for actor in (board, *workers):
        ray.kill(actor)
    return seconds
