from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from paretint.config import Experiment
from paretint.dashboard import LiveRun
from paretint.store import Ledger, Run


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


def test_a_run_without_a_ledger_is_empty(tmp_path: Path, experiment: Experiment) -> None:
    live = LiveRun(Run.create(tmp_path / "new", experiment))
    assert live.view().name == "new"
    assert live.view().trials.is_empty()
