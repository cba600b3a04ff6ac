from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment
from paretint.dashboard import LiveRun
from paretint.errors import UserError
from paretint.store import Ledger, Remote, Result, Run


def test_the_ledger_is_read_again_only_when_it_changed(
    run: Run, row: Callable[..., dict[str, Any]]
) -> None:
    live = LiveRun(run)
    first, revision = live.view(), live.revision()
    assert live.view() is first
    Ledger(run).write_trial(row("t0014", 5, 0, 8, 31.0, 900.0))
    assert live.revision() != revision
    assert live.view().trials.height == first.trials.height + 1


def test_rungs_are_a_change_too(run: Run) -> None:
    live = LiveRun(run)
    revision = live.revision()
    Ledger(run).write_rung({"trial": "t0014", "rung": 10, "quality.psnr": 31.0})
    assert live.revision() != revision
    assert live.view().rungs.height == 1


def test_the_log_is_a_change_and_read_where_it_is_wanted(run: Run) -> None:
    live = LiveRun(run)
    first, revision = live.view(), live.revision()
    run.log("amplify", images=50)
    assert live.revision() != revision
    (event,) = live.view().events
    assert event["images"] == 50
    assert first.trials.equals(live.view().trials)


def test_what_a_device_measured_elsewhere_is_a_change_too(run: Run) -> None:
    live, structure = LiveRun(run), "a" * 64
    Ledger(run).write_trial({"trial": "t0014", "state": "complete", "structure.onnx": structure})
    revision = live.revision()
    folder = Remote(run.folder)
    folder.write("devices/agent+iphone13/agent.json", b"a heartbeat is none")
    assert live.revision() == revision
    figures = {"fps": 500.0, "provenance": "measured:agent:iphone13"}
    result = Result("agent:iphone13", structure, "onnx", figures, {})
    folder.write(f"devices/agent+iphone13/{structure}.json", result.dump())
    assert live.revision() != revision
    assert live.view().trials["speed.agent:iphone13.fps"][-1] == 500


def test_a_budget_given_to_a_run_that_goes_on_is_a_change_too(run: Run) -> None:
    live = LiveRun(run)
    assert live.view().experiment.trials == 14
    run.with_trials(30)
    assert live.view().experiment.trials == 30


def test_an_experiment_that_cannot_be_read_is_told_until_it_can(run: Run) -> None:
    live, whole = LiveRun(run), run.experiment_yaml.read_text(encoding="utf-8")
    run.experiment_yaml.write_text(whole[:300], encoding="utf-8")
    with pytest.raises(UserError, match=r"experiment\.yaml"):
        live.view()
    run.experiment_yaml.write_text(whole, encoding="utf-8")
    assert live.view().trials.height == 14


def test_a_run_without_a_ledger_is_empty(tmp_path: Path, experiment: Experiment) -> None:
    live = LiveRun(Run.create(tmp_path / "new", experiment))
    assert live.view().name == "new"
    assert live.view().trials.is_empty()
