"""A sweep's search: what chooses recipes, what stops them, and what writes down their end."""

from __future__ import annotations

from typing import NamedTuple

import optuna
from ray.tune.schedulers import FIFOScheduler

from paretint.store import Run
from paretint.sweep.foresight import Earlier, Foresight
from paretint.sweep.halving import Halving, HalvingScheduler
from paretint.sweep.history import History
from paretint.sweep.recorder import Recorder
from paretint.sweep.searcher import StudySearcher


class Search(NamedTuple):
    """The parts of a search that Ray Tune calls, and the history that they share."""

    searcher: StudySearcher
    scheduler: FIFOScheduler
    recorder: Recorder
    history: History

    @classmethod
    def of(cls, run: Run, study: optuna.Study) -> Search:
        """Return a run's search, from where its ledger stands."""
        experiment, history = run.experiment, History.of(run)
        foresight = Foresight(experiment, history, Earlier.of(run))
        recorder = Recorder(run, study, history)
        searcher = StudySearcher(experiment, study, history, foresight, recorder.record)
        scheduler = (
            FIFOScheduler()
            if experiment.stopping is None
            else HalvingScheduler(Halving(experiment, history, foresight), history)
        )
        return cls(searcher, scheduler, recorder, history)
