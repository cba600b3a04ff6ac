"""What came of each trial, written down at once: the ledger first, then the study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import optuna
from ray import tune

from paretint.store import Ledger, Run
from paretint.sweep.study import tell, trial_number
from paretint.sweep.trial import new_row


class Recorder(tune.Callback):
    """Writes every rung and trial to the ledger, and tells the study of each trial once.

    The ledger comes first: of a crash between the two, the next resume tells the study.
    """

    def __init__(self, run: Run, study: optuna.Study) -> None:
        self._run = run
        self._study = study

    def on_trial_result(
        self,
        iteration: int,  # noqa: ARG002
        trials: list[Any],  # noqa: ARG002
        trial: Any,  # noqa: ARG002
        result: dict[str, Any],
        **_: Any,
    ) -> None:
        """Write a rung's row."""
        if "rung" in result:
            Ledger(self._run).write_rung(result["rung"])

    def on_trial_complete(
        self,
        iteration: int,  # noqa: ARG002
        trials: list[Any],  # noqa: ARG002
        trial: Any,
        **_: Any,
    ) -> None:
        """Write the row that a trial's last result carries."""
        self._record(trial.last_result["row"])

    def on_trial_error(
        self,
        iteration: int,  # noqa: ARG002
        trials: list[Any],  # noqa: ARG002
        trial: Any,
        **_: Any,
    ) -> None:
        """Write a row for a trial whose process died; what Ray knows of it goes to the log."""
        name = trial.config["trial"]
        self._run.log("death", trial=name, error=_error(trial))
        experiment = self._run.experiment
        row = new_row(name, experiment.recipe(trial.config["point"]), experiment.seed)
        self._record(row | {"state": "failed", "reason": "its process died"})

    def _record(self, row: dict[str, Any]) -> None:
        Ledger(self._run).write_trial(row)
        self._run.log("trial", trial=row["trial"], state=row["state"], reason=row["reason"])
        tell(self._run, self._study, trial_number(row["trial"]), row)


def _error(trial: Any) -> str | None:
    """Return what Ray knows of a trial's end; `get_error` looks where it is copied only later."""
    path = trial.error_file
    return Path(path).read_text() if path and Path(path).is_file() else None
