"""Whether a run is still what it was begun as."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import optuna

from paretint.config import Experiment
from paretint.errors import UserError
from paretint.store import Ledger, Run

_BEGUN_AS = "experiment"
_MAY_CHANGE = {"versions", "budget"}
_ABSENT = object()


def check_unchanged(run: Run, study: optuna.Study) -> None:
    """Hold a run's experiment against what its study was begun with; begin a study with it.

    Trials of two experiments would be compared as if they were of one. The budget may change.
    Raises UserError that tells each key that differs, or that the study of finished trials is gone.
    """
    now = _plain(run.experiment)
    begun = study.user_attrs.get(_BEGUN_AS)
    if begun is None:
        _check_unbegun(run)
        study.set_user_attr(_BEGUN_AS, now)
        return
    told = "; ".join(changes(begun, now))
    if told:
        raise UserError(
            f"{run.experiment_yaml}: the run was begun with {told}; put it back, or search anew"
            f" with: {_anew(run)}"
        )


def _check_unbegun(run: Run) -> None:
    """Raise UserError where a new study would give the names of finished trials to others."""
    finished = Ledger(run).trials().height
    if finished:
        raise UserError(
            f"{run.journal}: knows none of the finished trials ({finished}); put back the"
            f" one that was there, or search anew with: {_anew(run)}"
        )


def _anew(run: Run) -> str:
    path, folder = (shlex.quote(str(name)) for name in (run.experiment_yaml, run.folder))
    return f"paretint run {path} --out FOLDER --warm-start {folder}"


def changes(before: Any, now: Any, key: str = "") -> Iterator[str]:
    """Yield what of plain data differs, as `key value, not value`; keys that are new do not count.

    A later version may have more keys, whose defaults are what there was before.
    """
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name, value in before.items():
            yield from changes(value, now.get(name, _ABSENT), f"{key}.{name}" if key else name)
    elif before != now:
        yield f"{key} {before}" + ("" if now is _ABSENT else f", not {now}")


def _plain(experiment: Experiment) -> dict[str, Any]:
    plain: dict[str, Any] = experiment.model_dump(mode="json", by_alias=True, exclude=_MAY_CHANGE)
    return plain
