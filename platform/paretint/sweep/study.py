"""The run's Optuna study: asked for points, told what came of them, found again after a stop."""

from __future__ import annotations

import math
import shutil
import warnings
from collections.abc import Mapping
from typing import Any

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from paretint.config import Point, Rule
from paretint.store import Ledger, Run, remove_heldout
from paretint.sweep.space import planned, sampler
from paretint.sweep.unchanged import check_unchanged
from paretint.sweep.warm import best_points

_AGAIN = "again"
"""What a trial says of the one whose point it tries once more: its number."""


def trial_name(number: int) -> str:
    """Return the ledger's name of an Optuna trial."""
    return f"t{number:04d}"


def trial_number(name: str) -> int:
    """Return the Optuna number of a trial of the ledger."""
    return int(name.removeprefix("t"))


def open_study(run: Run) -> optuna.Study:
    """Return the study in the run's journal, with the planned points it has not had in its queue.

    A new study has had none; a larger budget may plan more.

    Optuna's random numbers start afresh with each opening: the seed counts the trials there are,
    or a resumed run would be asked for what it has done. Raises UserError where the experiment is
    no longer what the study was begun with.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = JournalStorage(JournalFileBackend(str(run.journal)))
    experiment = run.experiment
    study = _study(run, storage)
    check_unchanged(run, study)
    trials = study.get_trials(deepcopy=False)
    study.sampler = sampler(experiment.search_space, experiment.seed + len(trials))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study.set_metric_names([objective.column for objective in experiment.objectives])
    _enqueue(study, planned(experiment, best_points(run)))
    return study


def _study(run: Run, storage: JournalStorage) -> optuna.Study:
    """Return the study of a run's journal, be it of another name: an edited one is no new run."""
    for name in optuna.get_all_study_names(storage):
        return optuna.load_study(study_name=name, storage=storage)
    return optuna.create_study(
        study_name=run.experiment.name,
        storage=storage,
        directions=[objective.goal for objective in run.experiment.objectives],
    )


def mend_journal(run: Run) -> None:
    """Remove what a killed process or a full disk left; call where no other process can write.

    That is half a line at the journal's end, behind which nothing could be read, and the lock: a
    link to the path the journal was opened by. A relative one leads nowhere, and Optuna would wait
    for it for ever.
    """
    run.journal.with_name(f"{run.journal.name}.lock").unlink(missing_ok=True)
    if run.journal.exists():
        with run.journal.open("rb+") as file:
            file.truncate(file.read().rfind(b"\n") + 1)


def _enqueue(study: optuna.Study, points: list[Point]) -> None:
    known = [_chosen(trial) for trial in study.get_trials(deepcopy=False)]
    for point in points:
        if point in known:
            known.remove(point)
        else:
            study.enqueue_trial(point)


def _chosen(trial: FrozenTrial) -> Point:
    """Return the part of a trial's point that was in the queue."""
    point: Point = trial.system_attrs.get("fixed_params", {})
    return point


def settle(run: Run, study: optuna.Study) -> None:
    """Close the trials that an ended run left open.

    One whose row is in the ledger is told from it; any other has failed, and its point is tried
    again under another name, as far as it was chosen. What it had built lies in the store; files
    that it had shipped already go, since no row tells of them.
    """
    rows = {row["trial"]: row for row in Ledger(run).trials().to_dicts()}
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        name = trial_name(trial.number)
        if name in rows:
            tell(run, study, trial.number, rows[name])
        else:
            shutil.rmtree(run.models(name), ignore_errors=True)
            remove_heldout(run.folder, name)
            _try_again(study, trial)


def _try_again(study: optuna.Study, trial: FrozenTrial) -> None:
    """Queue a trial's point, once however often it is settled, and close the trial."""
    queued = [other.user_attrs.get(_AGAIN) for other in study.get_trials(deepcopy=False)]
    if trial.number not in queued:
        point = _chosen(trial) | trial.params
        study.enqueue_trial(point, user_attrs={_AGAIN: trial.number})
    study.tell(trial.number, state=TrialState.FAIL)


def tell(run: Run, study: optuna.Study, number: int, row: Mapping[str, Any]) -> None:
    """Tell the study a finished row.

    An infeasible recipe has no quality: it is told the reference point in its place, with the
    constraint it breaks, by which Optuna's samplers set it behind every feasible one. A trial
    that lacks an objective has failed, and one that was stopped has no values: those of a rung
    would be taken for its last.
    """
    without_values = {"failed": TrialState.FAIL, "stopped": TrialState.PRUNED}
    if row["state"] in without_values:
        study.tell(number, state=without_values[row["state"]])
        return
    for rule in run.experiment.constraints:
        _set_constraint(study, number, rule, row)
    study.tell(number, [_value(run, row, index) for index in range(len(study.directions))])


def _value(run: Run, row: Mapping[str, Any], index: int) -> float:
    objective = run.experiment.objectives[index]
    value = row.get(objective.column)
    return objective.reference if value is None else float(value)


def _set_constraint(study: optuna.Study, number: int, rule: Rule, row: Mapping[str, Any]) -> None:
    # Another rule stopped it before this one's column was measured; samplers want a word on each.
    unknown = row.get(rule.column) is None and row["state"] == "infeasible"
    value = 0.0 if unknown or rule.holds(row) else max(abs(_gap(rule, row)), 1e-9)
    trial = optuna.Trial(study, study.get_trials(deepcopy=False)[number]._trial_id)
    trial.set_constraint(str(rule), value)


def _gap(rule: Rule, row: Mapping[str, Any]) -> float:
    """Return by how much a rule on a number fails; 1 where it compares no finite numbers."""
    value = row.get(rule.column)
    if isinstance(value, int | float) and isinstance(rule.value, int | float):
        gap = float(value) - float(rule.value)
        return gap if math.isfinite(gap) else 1.0
    return 1.0


def unmeasured(run: Run, row: Mapping[str, Any]) -> str | None:
    """Return why a complete row cannot be told: the objective that is missing or no number."""
    for objective in run.experiment.objectives:
        value = row.get(objective.column)
        if not isinstance(value, int | float) or not math.isfinite(value):
            return f"the objective {objective.column} is {value}"
    return None
