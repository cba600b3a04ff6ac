"""The recorder, handed what Tune hands it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import optuna
import pytest

from paretint.errors import DiskFullError
from paretint.store import Ledger, Run, summary
from paretint.sweep.history import History
from paretint.sweep.recorder import Recorder
from paretint.sweep.space import suggest
from paretint.sweep.study import open_study

Row = dict[str, Any]
NewRun = Callable[..., Run]
POINT = {"pairs": 5, "amplified": 100, "width": 8}


def asked(run: Run) -> optuna.Study:
    """The run's study, with one trial running."""
    study = open_study(run)
    suggest(study.ask(), run.experiment.search_space)
    return study


def tune_trial(row: Row | None = None, error_file: Path | None = None) -> Any:
    return SimpleNamespace(
        config={"trial": "t0000", "point": POINT, "seed": 7},
        last_result={"row": row, "done": True},
        error_file=error_file,
    )


def test_a_rung_is_written_and_the_study_is_told_nothing(new_run: NewRun) -> None:
    run = new_run()
    study = asked(run)
    result = {"rung": {"trial": "t0000", "rung": 10, "quality.psnr": 31.0}, "done": False}
    Recorder(run, study, History()).on_trial_result(1, [], tune_trial(), result)
    Recorder(run, study, History()).on_trial_result(2, [], tune_trial(), {"row": {}, "done": True})
    assert Ledger(run).rungs().rows() == [("t0000", 10, 31.0)]
    assert Ledger(run).trials().height == 0
    assert [trial.state.name for trial in study.trials] == ["RUNNING"]


def test_a_disk_that_a_trial_found_full_ends_the_sweep(new_run: NewRun) -> None:
    run = new_run()
    study = asked(run)
    result = {"full": "/data/store/amplified", "done": False}
    with pytest.raises(DiskFullError, match=r"^/data/store/amplified: the disk is full; what"):
        Recorder(run, study, History()).on_trial_result(1, [], tune_trial(), result)
    assert Ledger(run).trials().height == 0
    assert [trial.state.name for trial in study.trials] == ["RUNNING"]


@pytest.mark.parametrize("state", ["complete", "infeasible", "failed"])
def test_a_row_is_written_logged_and_told(
    new_run: NewRun, row: Callable[..., Row], state: str
) -> None:
    run = new_run()
    study = asked(run)
    ended = row("t0000", 5, 100, 8, 34.0, 900.0, state=state, reason="why")
    Recorder(run, study, History()).on_trial_complete(1, [], tune_trial(ended))
    assert Ledger(run).trials().row(0, named=True) == ended
    (event,) = run.events()
    assert (event["event"], event["trial"], event["state"]) == ("trial", "t0000", state)
    assert study.trials[0].state.name == ("FAIL" if state == "failed" else "COMPLETE")


def test_what_stopping_saved_is_taken_back_where_a_trial_is_taken_up_again(
    new_run: NewRun, row: Callable[..., Row]
) -> None:
    run, history = new_run().with_trials(2), History()
    costs = {"cost.train_s": 2.0, "cost.saved_s": 7.5}
    stopped = row("t0000", 5, 100, 8, 34.0, 900.0, state="stopped", **costs)
    history.saw_trial(stopped)
    history.saw_rung({"trial": "t0000", "rung": 10, "quality.psnr": 33.0})
    study = asked(run)
    suggest(study.ask(), run.experiment.search_space)
    Ledger(run).write_trial(stopped)
    complete = tune_trial(row("t0001", 5, 100, 8, 34.0, 900.0))
    Recorder(run, study, history).on_trial_complete(1, [], complete)
    assert Ledger(run).trials()["cost.saved_s"].to_list() == [7.5, -7.5]
    told = "saved: 0 s of work; 0 trials never trained, 1 stopped early"
    assert summary(run).splitlines()[-1].strip() == told


def test_a_trial_whose_process_died_has_its_whole_recipe_and_a_reason(
    new_run: NewRun, tmp_path: Path
) -> None:
    run = new_run()
    study = asked(run)
    (tmp_path / "error.txt").write_text("The actor died\nof SIGKILL")
    Recorder(run, study, History()).on_trial_error(
        1, [], tune_trial(error_file=tmp_path / "error.txt")
    )
    written = Ledger(run).trials().row(0, named=True)
    recipe = {name: value for name, value in written.items() if name.startswith("param.")}
    assert recipe == {
        f"param.{name}": value for name, value in run.experiment.recipe(POINT).params().items()
    }
    assert (written["state"], written["reason"]) == ("failed", "its process died")
    assert written["seed"] == run.experiment.seed
    death, _ = run.events()
    assert (death["trial"], death["error"]) == ("t0000", "The actor died\nof SIGKILL")
    assert study.trials[0].state.name == "FAIL"


def test_the_ledger_comes_before_the_study(new_run: NewRun, row: Callable[..., Row]) -> None:
    """What the study refuses, here for being told twice, is in the ledger all the same."""
    run = new_run()
    study = asked(run)
    study.tell(0, state=optuna.trial.TrialState.FAIL)
    with pytest.raises(ValueError, match="Cannot tell a FAIL trial"):
        Recorder(run, study, History()).on_trial_complete(
            1, [], tune_trial(row("t0000", 5, 100, 8, 34.0, 900.0))
        )
    assert Ledger(run).trials()["trial"].to_list() == ["t0000"]
