"""The engine's own search, without processes or a ledger: the objects that decide are the same."""

from __future__ import annotations

from pathlib import Path

import optuna
from ray.tune.search import Searcher
from searching.costs import Row
from searching.replay import Handle
from searching.table import Table

from paretint.config import Budget, Experiment, Point
from paretint.store import Run
from paretint.sweep.foresight import Foresight
from paretint.sweep.halving import Halving
from paretint.sweep.history import History
from paretint.sweep.searcher import StudySearcher
from paretint.sweep.study import tell, trial_number

_ENDLESS = 10**9


class Ours:
    """`ehvi` and its stopping, as an experiment has them unless it says otherwise."""

    def __init__(self, seed: int, table: Table) -> None:
        experiment = _searched(table.experiment, seed)
        goals = [objective.goal for objective in experiment.objectives]
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._study = optuna.create_study(directions=goals)
        self._run = Run(Path(), experiment)
        self._history = History()
        foresight = Foresight(experiment, self._history)
        self._halving = Halving(experiment, self._history, foresight)
        self._searcher = StudySearcher(
            experiment, self._study, self._history, foresight, self._record
        )

    def ask(self) -> tuple[Handle, Point] | None:
        """Return the next trial; None where every recipe was tried, or is being tried."""
        told = self._searcher.suggest("")
        return None if told in (None, Searcher.FINISHED) else (told["trial"], told["point"])

    def rung(self, handle: Handle, rung: int, row: Row) -> bool:
        """Take a rung as the scheduler does."""
        self._history.saw_trial(self._history.trials[handle] | row)
        self._history.saw_rung({"trial": handle, "rung": rung, **row})
        return self._halving.verdict(handle, rung) is None

    def end(self, handle: Handle, state: str, row: Row) -> None:
        """Take an end as the recorder does."""
        rungs = self._run.experiment.student.rungs
        if state == "complete":
            self._history.saw_rung({"trial": handle, "rung": rungs[-1], **row})
        self._record(self._history.trials[handle] | row | {"state": state})

    def _record(self, row: Row) -> None:
        self._history.saw_trial(row)
        tell(self._run, self._study, trial_number(row["trial"]), row)


def _searched(experiment: Experiment, seed: int) -> Experiment:
    space = experiment.search_space.model_copy(update={"sampler": "ehvi"})
    changes = {"search_space": space, "seed": seed, "budget": Budget(trials=_ENDLESS)}
    return experiment.model_copy(update=changes)
