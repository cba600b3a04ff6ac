"""A trial that takes too long ends its own process, and says where it was."""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from paretint.store import Run

_LOCK_S = 5.0
"""How long a thread waits for the interpreter's lock: then the trial is stuck with it."""


class Watch:
    """Ends this process when a trial's time is over, whatever it is stuck in.

    A thread does it that holds the interpreter's lock, so that no stack changes, or is freed, while
    it is written. Where a trial never lets go of that lock, Python's own thread for faults does it.
    Time between steps, when Tune may keep the process for another trial, does not count.
    """

    def __init__(self, run: Run, trial: str) -> None:
        self._limit = run.experiment.budget.trial_seconds
        self._path = _stack_file(run, trial)
        self._used = 0.0

    @contextmanager
    def step(self) -> Iterator[None]:
        """Let a step run for what is left of the trial's time."""
        if self._limit is None:
            yield
            return
        start = time.monotonic()
        try:
            with self._path.open("w") as file, _ends(max(self._limit - self._used, 0.001), file):
                yield
        finally:
            self._path.unlink(missing_ok=True)
            self._used += time.monotonic() - start


@contextmanager
def _ends(seconds: float, file: TextIO) -> Iterator[None]:
    """End this process after some time, with its stack in a file."""
    timer = threading.Timer(seconds, _end, [file])
    timer.daemon = True
    timer.start()
    faulthandler.dump_traceback_later(seconds + _LOCK_S, exit=True, file=file)
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # one that has begun ends the process: its file stays
        faulthandler.cancel_dump_traceback_later()


def _end(file: TextIO) -> None:
    faulthandler.dump_traceback(file=file)
    os._exit(1)


def overtime(run: Run) -> str:
    """Return why a trial whose time was over has failed."""
    return f"it took longer than budget.trial_seconds, {run.experiment.budget.trial_seconds:g}"


def hung(run: Run, trial: str) -> str | None:
    """Return, once, the stack of a trial whose time was over; None of any other."""
    path = _stack_file(run, trial)
    stack = path.read_text() if path.is_file() else ""
    path.unlink(missing_ok=True)
    return stack or None


def _stack_file(run: Run, trial: str) -> Path:
    return run.folder / f".{trial}.stack"
