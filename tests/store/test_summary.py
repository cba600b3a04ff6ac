from __future__ import annotations

from paretint.config import Experiment, SearchSpace
from paretint.store import Ledger, Run, summary


def test_a_run_without_a_trial(run: Run) -> None:
    trials = run.experiment.budget.trials
    assert summary(run) == (
        f"{run.folder}: 0 of {trials} trials are finished\n"
        f"  left: {trials}; if nothing runs, go on with: paretint resume {run.folder}"
    )


def test_a_sweep_that_ended_early_says_why_until_it_goes_on(run: Run) -> None:
    Ledger(run).write_trial({"trial": "t0000", "state": "complete"})
    run.log("trial", trial="t0000", state="complete", reason=None)
    run.log("ended", reason="every recipe was tried")
    left = run.experiment.budget.trials - 1
    assert summary(run).splitlines()[-1] == f"  ended with {left} left: every recipe was tried"
    run.log("begun", left=left)
    assert summary(run).splitlines()[-1].startswith("  left: ")


def test_states_are_counted_and_what_has_no_score_says_why(run: Run) -> None:
    run = run.with_trials(4)
    for trial, state, reason in [
        ("t0000", "complete", None),
        ("t0001", "failed", "its process died"),
        ("t0002", "infeasible", "speed.fps >= 60 does not hold: 45"),
        ("t0003", "complete", None),
    ]:
        Ledger(run).write_trial({"trial": trial, "state": state, "reason": reason})
    assert summary(run) == (
        f"{run.folder}: 4 of 4 trials are finished\n"
        "  complete: 2\n"
        "  failed: 1\n"
        "  infeasible: 1\n"
        "  t0001 failed: its process died\n"
        "  t0002 infeasible: speed.fps >= 60 does not hold: 45"
    )


def test_what_was_not_worth_its_work_is_added_up(run: Run) -> None:
    run = run.with_trials(3)
    for trial, cells in [
        ("t0000", {"state": "complete", "cost.train_s": 9.0}),
        ("t0001", {"state": "stopped", "cost.train_s": 2.0, "cost.saved_s": 7.0}),
        ("t0002", {"state": "stopped", "cost.saved_s": 12.4}),
    ]:
        Ledger(run).write_trial({"trial": trial, **cells})
    told = "  saved: 19 s of work; 1 trials never trained, 1 stopped early"
    assert summary(run).splitlines()[-1] == told


def test_nothing_is_left_of_a_grid_that_is_done(run: Run, experiment: Experiment) -> None:
    counts = {"pairs": {"choices": [2, 5]}, "amplified": 0, "width": 8}
    space = SearchSpace.model_validate({"sampler": "grid", "parameters": counts})
    grid = Run(run.folder, experiment.model_copy(update={"search_space": space}))
    for trial in ("t0000", "t0001"):
        Ledger(run).write_trial({"trial": trial, "state": "complete"})
    assert summary(grid) == f"{run.folder}: 2 of 2 trials are finished\n  complete: 2"
