"""A sweep, from an experiment to a full ledger, and on from wherever it was stopped."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import torch
from filelock import FileLock, Timeout
from ray import tune
from rich.console import Console
from rich.text import Text

from paretint.config import Experiment
from paretint.config.columns import COREML_QUALITY
from paretint.config.dimensions import extremes
from paretint.device import Agent, runner
from paretint.errors import UserError
from paretint.export import coreml_available, coreml_unscored
from paretint.quality import lpips_missing
from paretint.store import Ledger, Run, Store
from paretint.sweep.amplifying import at_work
from paretint.sweep.cluster import connected_ray
from paretint.sweep.faces import ready_data
from paretint.sweep.feasible import check_bases, check_feasible
from paretint.sweep.full import ends_when_full
from paretint.sweep.interrupt import gentle_interrupt
from paretint.sweep.packing import AMPLIFIERS_SHARE, Packing
from paretint.sweep.progress import Display
from paretint.sweep.search import Search
from paretint.sweep.shipping import Bench
from paretint.sweep.study import mend_journal, open_study, settle
from paretint.sweep.trial import Trial

_SCRATCH = ".tune"

_DEATHS = 2
"""A trial whose process dies is tried again so often: it is mostly the machine's fault."""


class Outcome(NamedTuple):
    """How a sweep ended: trials finished and still to do, and the seconds it took.

    ended: why no more were begun, unless there are as many as the budget allows.
    """

    finished: int
    left: int
    seconds: float
    ended: str | None = None


class Ready(NamedTuple):
    """What is checked and prepared before the run folder is made.

    parser: the key of what drew the regions of photos, if anything did.
    """

    faces: Path
    lpips: bool
    coreml: bool
    parser: str | None = None


def prepare(experiment: Experiment, store: Store, console: Console) -> Ready:
    """Check all that a sweep needs before it costs anything, and say once what is absent.

    Raises UserError for a device, base, parser, style, folder or objective that cannot serve, and
    for constraints that nothing can meet.
    """
    for device in experiment.devices:
        runner(device).check()
    check_bases(experiment)
    check_feasible(experiment)
    missing = {
        "quality.lpips": lpips_missing(),
        "size.coreml_bytes": coreml_available(),
        "quality.coreml": coreml_unscored(),
    }
    _check_judges(experiment, missing)
    _check_perceptual(experiment, missing["quality.lpips"])
    pairs: Any = max(extremes(experiment.search_space.parameters["pairs"]))
    asked = f"search_space: pairs goes up to {pairs}"
    data = ready_data(experiment, pairs, asked, store, console)
    for column, why in missing.items():
        if why is not None:
            say = Text(f"{column} stays empty: {why}")
            console.print(say, style="yellow", soft_wrap=True)
    lpips, coreml, _ = (why is None for why in missing.values())
    # Two threads on two busy cores spin for each other; the sweep has a process for each core.
    torch.set_num_threads(1)
    return Ready(data.faces, lpips, coreml, data.parser)


def run_sweep(
    run: Run, ready: Ready, store: Store, console: Console, address: str | None = None
) -> Outcome:
    """Run what is left of the run's budget, here or on a Ray cluster; return how it ended.

    Ctrl-C ends it after the current results, and a second one at once: what has finished is in the
    ledger, what has not is tried again by the next call. Raises UserError where another process is
    at the same run, the cluster cannot serve, or a disk is full.
    """
    start, ended, running = time.monotonic(), None, 0
    with ends_when_full(run), _alone(run), suppress(KeyboardInterrupt):
        _clear(run)
        if ready.parser is not None:
            run.log("regions", parser=ready.parser)
        study = open_study(run)
        settle(run, study)
        if left := _left(run):
            run.log("begun", left=left)
            _wait_for_agents(run, console)
            search = Search.of(run, study)
            with connected_ray(address, store, run.folder) as cores:
                _fit(run, ready, store, console, search, cores)
            ended, running = search.searcher.ended, search.history.running
            if ended and not running:
                run.log("ended", reason=ended)
    left = running if ended else _left(run)
    return Outcome(Ledger(run).trials().height, left, time.monotonic() - start, ended)


def _wait_for_agents(run: Run, console: Console) -> None:
    """Wait until the run's agents are there: they can come no sooner than its folder.

    Raises UserError where one does not come, or is of another version.
    """
    for device in run.experiment.devices:
        agent = runner(device, run.folder)
        if isinstance(agent, Agent) and not agent.lives():
            console.print(Text(agent.absence()), style="yellow", soft_wrap=True)
            agent.wait()


@contextmanager
def _alone(run: Run) -> Iterator[None]:
    """Hold the run's lock: a second driver would close the trials of the first as left open."""
    lock = FileLock(run.folder / ".sweep.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(
            f"{run.folder}: another process is at this run; follow it with: paretint status"
            f" {run.folder}"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _fit(
    run: Run, ready: Ready, store: Store, console: Console, search: Search, cores: int
) -> None:
    with at_work(of_gpu=AMPLIFIERS_SHARE) as (board, actors):
        folder, workers = run.folder.absolute(), tuple(actors)
        faces, lpips, coreml = ready.faces, ready.lpips, ready.coreml
        bench = Bench(folder, store, run.experiment, faces, workers, lpips, coreml)
        trainable = tune.with_parameters(Trial, bench=bench, board=board)
        tuner = _tuner(run, search, trainable, cores)
        display = Display(console, run, board, run.experiment.trials)
        try:
            with gentle_interrupt(console), display:
                tuner.fit()
        finally:
            shutil.rmtree(run.folder / _SCRATCH, ignore_errors=True)


def _tuner(run: Run, search: Search, trainable: Any, cores: int) -> tune.Tuner:
    """Return Tune set up for the trials that are left; the searcher ends it."""
    return tune.Tuner(
        tune.with_resources(trainable, Packing(run)),
        tune_config=tune.TuneConfig(
            search_alg=search.searcher,
            scheduler=search.scheduler,
            num_samples=-1,
            max_concurrent_trials=min(run.experiment.budget.concurrent or cores, _left(run)),
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(
            name="trials",
            storage_path=str(run.folder.absolute() / _SCRATCH),
            verbose=0,
            # What is costly lies in the store; a student that is cut off starts again.
            checkpoint_config=tune.CheckpointConfig(checkpoint_at_end=False),
            failure_config=tune.FailureConfig(max_failures=_DEATHS),
            callbacks=[search.recorder],
        ),
    )


def _clear(run: Run) -> None:
    """Remove what a killed process left half-written."""
    for left in (run.folder / _SCRATCH, *(run.folder / "models").glob(".*")):
        shutil.rmtree(left, ignore_errors=True)
    mend_journal(run)


def _left(run: Run) -> int:
    return max(0, run.experiment.trials - Ledger(run).trials().height)


def _check_perceptual(experiment: Experiment, missing: str | None) -> None:
    """Raise UserError where a student is to learn from LPIPS, which cannot be computed."""
    name = "weight_perceptual"
    fixed: Any = experiment.student.weight_perceptual
    weights: Any = extremes(experiment.search_space.parameters.get(name, fixed))
    if missing is not None and max(weights) > 0:
        raise UserError(f"{name} is above 0, but {missing}")


def _check_judges(experiment: Experiment, missing: dict[str, str | None]) -> None:
    """Raise UserError where a column that cannot be filled is to judge a trial."""
    judges = [objective.column for objective in experiment.objectives]
    judges += [rule.column for rule in experiment.constraints]
    judges += [judge.replace(COREML_QUALITY, "quality.") for judge in judges]
    for column, why in missing.items():
        if why is not None and any(judge.startswith(column) for judge in judges):
            raise UserError(f"{column} is an objective or a constraint, but {why}")
