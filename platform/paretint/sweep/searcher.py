"""The Ray Tune searcher over the run's study."""

from __future__ import annotations

from typing import Any

import optuna
from ray.tune.search import Searcher

from paretint.config import SearchSpace
from paretint.sweep.space import suggest
from paretint.sweep.study import trial_name


class StudySearcher(Searcher):
    """Asks the study for points; `Recorder` tells it what came of them.

    Tune's own `OptunaSearch` loses a trial whose objective is missing, tells early-stopped trials
    as complete and knows no constraints.
    """

    def __init__(self, study: optuna.Study, space: SearchSpace) -> None:
        super().__init__()
        self._study = study
        self._space = space

    def suggest(self, trial_id: str) -> dict[str, Any]:  # noqa: ARG002
        """Return the next trial's config: its name and its point."""
        trial = self._study.ask()
        return {"trial": trial_name(trial.number), "point": suggest(trial, self._space)}

    def on_trial_complete(
        self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False
    ) -> None:
        """Do nothing: results arrive here flattened, and without what an error was."""

    def save(self, checkpoint_path: str) -> None:
        """Save nothing: the journal has it all."""

    def restore(self, checkpoint_path: str) -> None:
        """Restore nothing: a run is resumed from its folder."""
