"""Which trials go on at a rung: successive halving in several objectives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from ray.tune.experiment import Trial
from ray.tune.schedulers import FIFOScheduler, TrialScheduler

from paretint.config import Experiment, Objective
from paretint.front import places
from paretint.sweep.foresight import Foresight
from paretint.sweep.history import History, Row, recipe_of, scored


class Halving:
    """Lets one in so many go on from a rung, the best of those that have reached it.

    Asynchronous successive halving (Li et al., MLSys 2020) in the order of Deb et al. (2002), as
    Schmucker et al. (arXiv:2106.12639) have it; but speeds and sizes are known from the first
    rung, and count there as they do at the end. A place at an early rung says little where all
    stand close, so the learning curves have to agree: a trial that is behind stops when complete
    ones will probably dominate it. One that was stopped before, and is tried again all the same,
    goes on to its end.
    """

    def __init__(self, experiment: Experiment, history: History, foresight: Foresight) -> None:
        """Raises ValueError where the experiment stops no trials."""
        if experiment.stopping is None:
            raise ValueError(f"{experiment.name} stops no trials")
        self._stopping = experiment.stopping
        self._objectives = experiment.objectives
        self._goals = [objective.goal for objective in experiment.objectives]
        self._rungs = experiment.student.rungs
        self._history = history
        self._foresight = foresight

    def verdict(self, trial: str, rung: int) -> str | None:
        """Return why a trial stops at a rung that the history has seen, or None."""
        row = self._history.trials[trial]
        if rung >= self._rungs[-1] or self._history.stopped_before(row):
            return None
        names, values = self._standing(rung)
        place = int(places(values, self._goals)[names.index(trial)])
        if place < math.ceil(len(names) / self._stopping.eta) or not self._foresight.learn():
            return None
        beaten = float(self._foresight.beaten([recipe_of(row)], [trial])[0])
        if beaten < self._stopping.dominated:
            return None
        standing = f"place {place + 1} of {len(names)} after {rung} steps"
        return f"{standing}, and others will beat it with probability {beaten:.2f}"

    def _standing(self, rung: int) -> tuple[list[str], Any]:
        """Return who has reached a rung, and the objectives ([n, m]) as they are known there."""
        names, values = [], []
        for row, scores in self._history.at_rung(rung):
            names.append(row["trial"])
            values.append([_value(row, scores, objective) for objective in self._objectives])
        return names, np.array(values, dtype=float)


def _value(row: Row, scores: Row, objective: Objective) -> float:
    """Return what an objective counts as at a rung; 0 for all where no rung tells."""
    score = scored(scores, objective.column)
    return objective.counted(float(row.get(objective.column, 0.0) if score is None else score))


class HalvingScheduler(FIFOScheduler):
    """Ray Tune's side of `Halving`: a trial that stops is told to the history, with the reason.

    Tune's own ASHA takes one figure, and leaves it to the searcher what a stopped trial counts.
    """

    def __init__(self, halving: Halving, history: History) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._halving = halving
        self._history = history

    def on_trial_result(
        self,
        tune_controller: Any,  # noqa: ARG002
        trial: Trial,  # noqa: ARG002
        result: dict[str, Any],
    ) -> str:
        """Take a rung, and say whether its trial goes on."""
        rung, row = _part(result, "rung/"), _part(result, "row/")
        if not rung or row.get("state") is not None:
            return str(TrialScheduler.CONTINUE)  # a trial's last result: it ends by itself
        self._history.saw_trial(row)
        self._history.saw_rung(rung)
        reason = self._halving.verdict(rung["trial"], rung["rung"])
        if reason is None:
            return str(TrialScheduler.CONTINUE)
        self._history.stopped[rung["trial"]] = reason
        return str(TrialScheduler.STOP)


def _part(result: dict[str, Any], name: str) -> Row:
    """Return a part of a result, which reaches schedulers flattened."""
    return {key.removeprefix(name): value for key, value in result.items() if key.startswith(name)}
