from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from paretint.store import Ledger, Run, write_heldout
from paretint.sweep.space import suggest
from paretint.sweep.study import (
    _try_again,
    mend_journal,
    open_study,
    settle,
    tell,
    trial_name,
    trial_number,
    unmeasured,
)

Row = dict[str, Any]
NewRun = Callable[..., Run]
POINT = {"pairs": 5, "amplified": 100, "width": 8}


class CutShort:
    """A study that takes points, and fails when it is told of a trial."""

    def __init__(self, study: optuna.Study) -> None:
        self.get_trials, self.enqueue_trial = study.get_trials, study.enqueue_trial

    def tell(self, *_: int, **__: TrialState) -> None:
        raise OSError("the disk is full")


def start(run: Run, study: optuna.Study, count: int = 1) -> list[dict[str, Any]]:
    """Ask for points and leave their trials running."""
    return [suggest(study.ask(), run.experiment.search_space) for _ in range(count)]


def queued(study: optuna.Study) -> list[dict[str, Any]]:
    waiting = study.get_trials(deepcopy=False, states=(TrialState.WAITING,))
    return [trial.system_attrs["fixed_params"] for trial in waiting]


def states(study: optuna.Study) -> list[str]:
    return [trial.state.name for trial in study.trials]


def told(run: Run, *rows: Row) -> optuna.Study:
    """A study that has been told these rows, one a trial."""
    study = open_study(run)
    for number, row in enumerate(rows):
        start(run, study)
        tell(run, study, number, row)
    return study


def test_names_and_numbers() -> None:
    assert [trial_name(number) for number in (0, 12, 12345)] == ["t0000", "t0012", "t12345"]
    assert [trial_number(name) for name in ("t0000", "t0012", "t12345")] == [0, 12, 12345]


def test_a_new_study_has_the_objectives_and_the_planned_points(new_run: NewRun) -> None:
    study = open_study(new_run("random", [POINT, {"width": 16}]))
    assert study.study_name == "made-up"
    assert [direction.name for direction in study.directions] == ["MAXIMIZE", "MAXIMIZE"]
    assert study.metric_names == ["quality.psnr", "speed.fps"]
    assert queued(study) == [POINT, {"width": 16}]


def test_optuna_opens_the_journal_by_itself(new_run: NewRun, row: Callable[..., Row]) -> None:
    run = new_run("random", [POINT])
    told(run, row("t0000", 5, 100, 8, 34.0, 900.0))
    backend = JournalFileBackend(str(run.journal))
    study = optuna.load_study(study_name="made-up", storage=JournalStorage(backend))
    (trial,) = study.trials
    assert (trial.params, trial.values) == (POINT, [34.0, 900.0])


def test_a_lock_that_a_killed_process_left_is_broken(new_run: NewRun) -> None:
    run = new_run()
    lock = run.folder / "optuna.journal.lock"
    lock.symlink_to("runs/tiny/optuna.journal")  # as Optuna does for a relative path: to nowhere
    mend_journal(run)
    assert open_study(run).study_name == run.experiment.name
    mend_journal(run)


@given(keep=st.integers(1, 200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_a_line_that_a_full_disk_cut_short_is_taken_out(new_run: NewRun, keep: int) -> None:
    run = new_run("random", [POINT])
    study = open_study(run)
    whole = run.journal.read_bytes()
    start(run, study)
    added = run.journal.read_bytes()[len(whole) :]
    run.journal.write_bytes(whole + added[: min(keep, added.index(b"\n"))])
    mend_journal(run)
    assert run.journal.read_bytes() == whole
    assert queued(open_study(run)) == [POINT]
    shutil.rmtree(run.folder)


def test_a_point_is_queued_again_once_however_often_settling_is_cut_short(new_run: NewRun) -> None:
    run = new_run("random", [POINT])
    study = open_study(run)
    start(run, study)
    with pytest.raises(OSError, match="full"):
        _try_again(CutShort(study), study.trials[0])  # type: ignore[arg-type]
    assert states(study) == ["RUNNING", "WAITING"]
    for _ in range(2):
        settle(run, study)
        assert states(study) == ["FAIL", "WAITING"]
        assert queued(study) == [POINT]


def test_a_budget_smaller_than_the_plan_queues_its_share(new_run: NewRun) -> None:
    assert len(queued(open_study(new_run("grid", trials=3)))) == 3


def test_a_study_opened_again_queues_nothing_twice(new_run: NewRun) -> None:
    run = new_run("grid")
    points = queued(open_study(run))
    assert len(points) == 8
    study = open_study(run)
    assert queued(study) == points
    assert start(run, study, 3) == points[:3]
    assert queued(open_study(run)) == points[3:]


def test_a_larger_budget_queues_the_rest_of_a_grid(new_run: NewRun) -> None:
    run = new_run("grid", trials=3)
    start(run, open_study(run), 3)
    more = queued(open_study(run.with_trials(6)))
    assert len(more) == 3
    assert len(queued(open_study(run.with_trials(100)))) == 5


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_a_queue_cut_short_by_a_crash_is_filled(new_run: NewRun, lines: int) -> None:
    run = new_run("grid")
    points = queued(open_study(run))
    journal = run.journal.read_text().splitlines(keepends=True)
    run.journal.write_text("".join(journal[:lines]))
    study = open_study(run)
    assert queued(study) == points
    assert study.metric_names == ["quality.psnr", "speed.fps"]


def test_a_resumed_study_asks_for_other_points_than_it_did(new_run: NewRun) -> None:
    run = new_run("qmc", trials=100)
    first = start(run, open_study(run), 7)
    second = start(run, open_study(run), 7)
    assert first != second


def test_a_complete_row_is_told_by_its_objectives(new_run: NewRun, row: Callable[..., Row]) -> None:
    study = told(new_run(), row("t0000", 5, 100, 8, 34.0, 900.0))
    assert states(study) == ["COMPLETE"]
    assert study.trials[0].values == [34.0, 900.0]
    assert study.trials[0].constraints == {}


def test_a_failed_row_is_told_as_failed(new_run: NewRun) -> None:
    study = told(new_run(), {"trial": "t0000", "state": "failed", "reason": "its process died"})
    assert states(study) == ["FAIL"]


def test_an_infeasible_row_is_told_the_constraint_it_breaks_and_never_is_best(
    new_run: NewRun, row: Callable[..., Row]
) -> None:
    run = new_run("random", [], 8, "speed.fps >= 60", "quality.psnr >= 20")
    slow: Row = {"trial": "t0000", "state": "infeasible", "reason": "", "speed.fps": 45.0}
    study = told(run, slow, row("t0001", 5, 100, 8, 21.0, 61.0))
    assert states(study) == ["COMPLETE", "COMPLETE"]
    infeasible, feasible = study.trials
    assert infeasible.values == [30.0, 45.0]  # the reference point's PSNR
    assert infeasible.constraints == {"speed.fps >= 60": 15.0, "quality.psnr >= 20": 0.0}
    assert feasible.constraints == {"speed.fps >= 60": 0.0, "quality.psnr >= 20": 0.0}
    assert [trial.number for trial in study.best_trials] == [1]


@pytest.mark.parametrize(
    ("rule", "change", "gap"),
    [
        ("quality.ssim >= 0.9", {"quality.ssim": 0.5}, 0.4),
        ("quality.ssim >= 0.9", {"quality.ssim": None}, 1.0),
        ("quality.ssim >= 0.9", {"quality.ssim": math.nan}, 1.0),
        ("size.params < 1000", {"size.params": 1000}, 1e-9),
        ("param.width != 8", {}, 1e-9),
        ("speed.provenance == measured:phone", {}, 1.0),
    ],
)
def test_a_complete_row_that_breaks_a_rule_is_told_by_how_much(
    new_run: NewRun, row: Callable[..., Row], rule: str, change: Row, gap: float
) -> None:
    run = new_run("random", [], 8, rule)
    study = told(run, row("t0000", 5, 100, 8, 34.0, 900.0, **change))
    assert study.trials[0].constraints == {rule: pytest.approx(gap)}
    assert study.best_trials == []


@pytest.mark.parametrize("sampler", ["tpe", "gp", "nsga2", "qmc", "random"])
def test_a_sampler_goes_on_after_every_kind_of_row(
    new_run: NewRun, row: Callable[..., Row], sampler: str
) -> None:
    run = new_run(sampler, [], 40, "speed.fps >= 60", "quality.psnr >= 29")
    rows: list[Row] = [
        row("t", 5, 100, 8, 34.0, 900.0),
        {"trial": "t", "state": "infeasible", "speed.fps": 50.0},
        {"trial": "t", "state": "failed"},
        row("t", 2, 0, 8, 31.0, 910.0),
    ]
    study = told(run, *(rows * 6))
    assert states(study)[:4] == ["COMPLETE", "COMPLETE", "FAIL", "COMPLETE"]
    space = run.experiment.search_space
    for point in start(run, study, 10):
        assert all(space.varying[name].contains(value) for name, value in point.items())


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_an_objective_that_is_no_number_is_unmeasured(
    new_run: NewRun, row: Callable[..., Row], value: float | None
) -> None:
    run, complete = new_run(), row("t0000", 5, 100, 8, 34.0, 900.0)
    assert unmeasured(run, complete) is None
    said = unmeasured(run, complete | {"quality.psnr": value})
    assert said == f"the objective quality.psnr is {value}"


def test_settle_tells_what_the_ledger_knows_and_queues_the_rest_again(
    new_run: NewRun, row: Callable[..., Row]
) -> None:
    run = new_run("random", [POINT], 8, "speed.fps >= 60")
    study = open_study(run)
    points = start(run, study, 4)
    tell(run, study, 0, row("t0000", 5, 100, 8, 34.0, 900.0))
    Ledger(run).write_trial(row("t0001", 5, 0, 8, 33.0, 800.0))
    Ledger(run).write_trial({"trial": "t0002", "state": "infeasible", "speed.fps": 50.0})
    again = open_study(run)
    settle(run, again)
    assert states(again) == ["COMPLETE", "COMPLETE", "COMPLETE", "FAIL", "WAITING"]
    assert again.trials[1].values == [33.0, 800.0]
    assert again.trials[2].constraints == {"speed.fps >= 60": 10.0}
    assert queued(again) == [points[3]]
    settle(run, again)
    assert len(again.trials) == 5


def test_settle_removes_what_was_shipped_before_a_full_disk_took_the_row(
    new_run: NewRun, row: Callable[..., Row]
) -> None:
    run = new_run("random", [POINT])
    study = open_study(run)
    start(run, study, 2)
    Ledger(run).write_trial(row("t0000", 5, 0, 8, 33.0, 800.0))
    for name in ("t0000", "t0001"):
        run.models(name).mkdir(parents=True)
        (run.models(name) / "model.onnx").touch()
        write_heldout(run.folder, name, ["face"], {"quality.psnr": np.array([33.0])})
    settle(run, study)
    assert states(study) == ["COMPLETE", "FAIL", "WAITING"]
    assert [path.name for path in run.models("").iterdir()] == ["t0000"]
    assert [path.name for path in (run.folder / "heldout").iterdir()] == ["t0000.parquet"]


def test_settle_queues_a_chosen_point_that_was_never_asked_out(new_run: NewRun) -> None:
    """A crash between Optuna's asking and the first suggestion leaves no parameters."""
    run = new_run("random", [POINT, {"width": 16}])
    study = open_study(run)
    study.ask()
    study.ask().suggest_categorical("pairs", [2, 5])
    settle(run, study)
    assert states(study) == ["FAIL", "FAIL", "WAITING", "WAITING"]
    assert queued(study)[0] == POINT
    assert queued(study)[1].items() >= {"width": 16}.items()
    assert set(queued(study)[1]) == {"width", "pairs"}
