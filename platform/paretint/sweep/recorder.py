"""What came of each trial, written down at once: the ledger first, then the study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import optuna
from ray import tune

from paretint.errors import DiskFullError
from paretint.store import Ledger, Run
from paretint.sweep.costs import Costs
from paretint.sweep.history import History, Row
from paretint.sweep.study import tell, trial_number
from paretint.sweep.trial import new_row
from paretint.sweep.watch import hung, overtime


class Recorder(tune.Callback):
    """Writes every rung and trial to the ledger, and tells the study of each trial once.

    The ledger comes first: of a crash between the two, the next resume tells the study.
    """

    def __init__(self, run: Run, study: optuna.Study, history: History) -> None:
        self._run = run
        self._study = study
        self._history = history
        self._costs = Costs(history, run.experiment.student.steps)

    def on_trial_result(
        self,
        iteration: int,  # noqa: ARG002
        trials: list[Any],  # noqa: ARG002
        trial: Any,  # noqa: ARG002
        result: dict[str, Any],
        **_: Any,
    ) -> None:
        """Write a rung's row. Raises DiskFullError where the trial met one."""
        if "full" in result:
            raise DiskFullError(result["full"])
        if "rung" in result:
            Ledger(self._run).write_rung(result["rung"])
            self._history.saw_rung(result["rung"])

    def on_trial_complete(
        self,
        iteration: int,  # noqa: ARG002
        trials: list[Any],  # noqa: ARG002
        trial: Any,
        **_: Any,
    ) -> None:
        """Write the row that a trial's last result carries; a stopped one's has no state yet."""
        row = trial.last_result["row"]
        if row["state"] is None:
            reason = self._history.stopped.pop(row["trial"])
            row = row | {"state": "stopped", "reason": reason}
        self.record(row)

    def on_trial_recover(
        self,
        iteration: int,  # noqa: ARG002
        trials: list[Any],  # noqa: ARG002
        trial: Any,
        **_: Any,
    ) -> None:
        """Log that a trial's process died, and that it is tried again."""
        self._run.log("death", trial=trial.config["trial"], error=_error(trial))

    def on_trial_error(
        self,
        iteration: int,  # noqa: ARG002
        trials: list[Any],  # noqa: ARG002
        trial: Any,
        **_: Any,
    ) -> None:
        """Write a row for a trial whose process died again and again; why, goes to the log."""
        name, experiment = trial.config["trial"], self._run.experiment
        stack = hung(self._run, name)
        self._run.log("death", trial=name, error=stack or _error(trial))
        reason = "its process died" if stack is None else overtime(self._run)
        row = new_row(name, experiment.recipe(trial.config["point"]), trial.config["seed"])
        self.record(row | {"state": "failed", "reason": reason})

    def record(self, row: Row) -> None:
        """Write a trial's last row, and tell the study."""
        row = row | self._saved(row)
        Ledger(self._run).write_trial(row)
        self._history.saw_trial(row)
        self._run.log("trial", trial=row["trial"], state=row["state"], reason=row["reason"])
        tell(self._run, self._study, trial_number(row["trial"]), row)

    def _saved(self, row: Row) -> Row:
        """Return the seconds of work that a trial, which was not trained to its end, saved.

        One that was stopped before, and is complete now, takes back what stopping it had saved.
        """
        if row["state"] == "complete":
            before = self._history.stopped_before(row)
            return {"cost.saved_s": -before.get("cost.saved_s", 0.0)} if before else {}
        if row["state"] not in ("infeasible", "stopped") or "size.macs" not in row:
            return {}
        # What it did amplify is there, and costs nothing any more.
        left = self._costs.of_row(row) - row.get("cost.train_s", 0.0)
        return {"cost.saved_s": max(0.0, left)}


def _error(trial: Any) -> str | None:
    """Return what Ray knows of a trial's end; `get_error` looks where it is copied only later."""
    path = trial.error_file
    return Path(path).read_text() if path and Path(path).is_file() else None
