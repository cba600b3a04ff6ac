from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from paretint.config import Budget
from paretint.store import Run
from paretint.sweep.watch import Watch, hung

NewRun = Callable[..., Run]
STUCK = """\
import ctypes, sys, threading
from pathlib import Path
from paretint.store import Run
from paretint.sweep.watch import Watch

def wait_for_ever():
    threading.Event().wait()

def deeper(depth):
    return depth and deeper(depth - 1)

def work_for_ever():
    while True:
        deeper(50)

def never_let_go_of_the_lock():
    ctypes.PyDLL(None).sleep(600)

with Watch(Run.open(Path(sys.argv[1])), "t0003").step():
    globals()[sys.argv[2]]()
"""


def with_limit(run: Run, seconds: float | None) -> Run:
    budget = Budget(trials=1, trial_seconds=seconds)
    limited = Run(run.folder, run.experiment.model_copy(update={"budget": budget}))
    limited.experiment_yaml.write_text(limited.experiment.dump())
    return limited


@pytest.mark.parametrize("place", ["wait_for_ever", "work_for_ever", "never_let_go_of_the_lock"])
def test_a_trial_that_hangs_ends_its_process_and_says_where_it_was(
    new_run: NewRun, place: str
) -> None:
    run = with_limit(new_run(), 2.0)
    command = [sys.executable, "-c", STUCK, str(run.folder), place]
    done = subprocess.run(command, capture_output=True, timeout=120)
    assert done.returncode == 1
    stack = hung(run, "t0003")
    assert stack is not None
    assert f"in {place}\n" in stack
    assert stack.endswith("in <module>\n")  # all of it, to where the process began
    assert hung(run, "t0003") is None


@pytest.mark.parametrize("seconds", [60.0, None])
def test_a_trial_in_time_leaves_nothing(new_run: NewRun, seconds: float | None) -> None:
    run = with_limit(new_run(), seconds)
    watch = Watch(run, "t0000")
    before = set(run.folder.iterdir())
    for _ in range(2):
        with watch.step():
            pass
    assert hung(run, "t0000") is None
    assert set(run.folder.iterdir()) == before


def test_a_trial_that_fails_in_time_leaves_nothing(new_run: NewRun) -> None:
    run = with_limit(new_run(), 60.0)
    before = set(run.folder.iterdir())
    with pytest.raises(ValueError, match="of its own"), Watch(run, "t0000").step():
        raise ValueError("of its own")
    assert set(run.folder.iterdir()) == before
