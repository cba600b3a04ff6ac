"""What of a budget is used up."""

from __future__ import annotations

import time

import numpy as np

from paretint.config import Experiment
from paretint.front import hypervolume
from paretint.sweep.history import History


class Spending:
    """Holds a sweep's spending against its budget, from the moment it is made."""

    def __init__(self, experiment: Experiment, history: History) -> None:
        self._budget = experiment.budget
        self._objectives = experiment.objectives
        self._history = history
        self._start = time.monotonic()

    def used_up(self) -> str | None:
        """Return what is used up, the number of trials apart; None where nothing is."""
        budget = self._budget
        if budget.seconds is not None and time.monotonic() - self._start >= budget.seconds:
            return f"budget.seconds: {budget.seconds:g}"
        if budget.gpu_seconds is not None and self._gpu_seconds() >= budget.gpu_seconds:
            return f"budget.gpu_seconds: {budget.gpu_seconds:g}"
        if budget.stall is not None and self._stalled() >= budget.stall:
            return f"budget.stall: {budget.stall} trials in a row added nothing to the front"
        return None

    def _gpu_seconds(self) -> float:
        columns = ("cost.gpu_s", "cost.train_gpu_s")
        rows = self._history.trials.values()
        return sum(float(row.get(column) or 0.0) for row in rows for column in columns)

    def _stalled(self) -> int:
        """Return how many trials have ended since the hypervolume last grew."""
        columns = [objective.column for objective in self._objectives]
        goals = [objective.goal for objective in self._objectives]
        reference = [objective.reference for objective in self._objectives]
        values: list[list[float]] = []
        best, since = 0.0, 0
        for name in self._history.ended:
            row = self._history.trials[name]
            if row["state"] == "complete":
                values.append([row[column] for column in columns])
                volume = hypervolume(np.array(values), reference, goals)
                best, since = max(best, volume), 0 if volume > best else since + 1
            else:
                since += 1
        return since if values else 0
