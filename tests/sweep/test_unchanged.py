from __future__ import annotations

from collections.abc import Callable

import pytest

from paretint import UserError
from paretint.store import Ledger, Run
from paretint.sweep.study import open_study
from paretint.sweep.unchanged import changes

NewRun = Callable[..., Run]


def test_what_differs_is_told_by_its_key() -> None:
    before = {"seed": 1, "student": {"steps": 500, "rungs": [150, 500]}, "devices": ["ort-cpu"]}
    now = {"seed": 1, "student": {"steps": 400, "rungs": [150, 400], "new": 0}}
    assert list(changes(before, now)) == [
        "student.steps 500, not 400",
        "student.rungs [150, 500], not [150, 400]",
        "devices ['ort-cpu']",
    ]
    assert list(changes(before, before | {"more": 1})) == []


def test_a_run_goes_on_with_a_larger_budget(new_run: NewRun) -> None:
    run = new_run()
    open_study(run)
    open_study(Run.open(run.folder))
    open_study(run.with_trials(30))


def test_an_edited_experiment_is_another_one(new_run: NewRun) -> None:
    run = new_run()
    open_study(run)
    text = run.experiment_yaml.read_text()
    assert "learning_rate: 0.001" in text
    run.experiment_yaml.write_text(text.replace("learning_rate: 0.001", "learning_rate: 0.002"))
    with pytest.raises(UserError) as raised:
        open_study(Run.open(run.folder))
    assert str(raised.value) == (
        f"{run.experiment_yaml}: the run was begun with student.learning_rate 0.001, not 0.002; put"
        f" it back, or search anew with: paretint run {run.experiment_yaml} --out FOLDER"
        f" --warm-start {run.folder}"
    )


def test_another_name_is_another_experiment_too(new_run: NewRun) -> None:
    run = new_run()
    study = open_study(run)
    text = run.experiment_yaml.read_text()
    run.experiment_yaml.write_text(text.replace(f"name: {study.study_name}", "name: other"))
    with pytest.raises(UserError, match=f"the run was begun with name {study.study_name}, not oth"):
        open_study(Run.open(run.folder))


def test_a_run_whose_journal_is_gone_gives_no_name_a_second_time(new_run: NewRun) -> None:
    run = new_run()
    open_study(run)
    Ledger(run).write_trial({"trial": "t0000", "state": "complete"})
    open_study(run)
    run.journal.unlink()
    with pytest.raises(UserError) as raised:
        open_study(run)
    assert str(raised.value) == (
        f"{run.journal}: knows none of the finished trials (1); put back the one that was"
        f" there, or search anew with: paretint run {run.experiment_yaml} --out FOLDER"
        f" --warm-start {run.folder}"
    )
