"""The Ray Tune searcher over the run's study: each trial is asked once and told once."""

from __future__ import annotations

from typing import Any

import optuna
from ray.tune.search import Searcher

from paretint.store import Ledger, Run
from paretint.sweep.space import suggest
from paretint.sweep.study import tell, trial_name


class StudySearcher(Searcher):
    """Asks the study for points and tells it, and the ledger, what came of them.

    Tune's own `OptunaSearch` loses a trial whose objective is missing, tells early-stopped trials
    as complete and knows no constraints.
    """

    def __init__(self, run: Run, study: optuna.Study) -> None:
        super().__init__()
        self._run = run
        self._study = study
        self._numbers: dict[str, int] = {}

    def suggest(self, trial_id: str) -> dict[str, Any]:
        """Return the next trial's config: its name and its point."""
        trial = self._study.ask()
        self._numbers[trial_id] = trial.number
        point = suggest(trial, self._run.experiment.search_space)
        return {"trial": trial_name(trial.number), "point": point}

    def on_trial_complete(
        self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False
    ) -> None:
        """Write the trial's row, then tell the study: a crash between the two loses nothing."""
        number = self._numbers.pop(trial_id)
        row = None if error or result is None else result.get("row")
        if row is None:
            row = self._died(number)
        Ledger(self._run).write_trial(row)
        self._run.log("trial", trial=row["trial"], state=row["state"], reason=row["reason"])
        tell(self._run, self._study, number, row)

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:  # noqa: ARG002
        """Write a rung's row."""
        if "rung" in result:
            Ledger(self._run).write_rung(result["rung"])

    def save(self, checkpoint_path: str) -> None:
        """Save nothing: the journal has it all."""

    def restore(self, checkpoint_path: str) -> None:
        """Restore nothing: a run is resumed from its folder."""

    def _died(self, number: int) -> dict[str, Any]:
        params = self._study.get_trials(deepcopy=False)[number].params
        known = {f"param.{name}": value for name, value in params.items()}
        reason = "its process died"
        return {"trial": trial_name(number), "state": "failed", "reason": reason, **known}
