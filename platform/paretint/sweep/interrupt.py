"""Ctrl-C during a sweep: heard at once, and a second one does not wait."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console


@contextmanager
def gentle_interrupt(console: Console) -> Iterator[None]:
    """Let Ctrl-C end Tune's loop after the results at hand, and say so; the next one interrupts.

    Tune hears Ctrl-C too, but is silent for the seconds that its trials take to stop. Its other
    signal, SIGUSR1, does the same.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no other thread may handle signals
        return

    def stop(number: int, frame: FrameType | None) -> None:
        if signal.getsignal(signal.SIGUSR1) is before[signal.SIGUSR1]:
            signal.default_int_handler(number, frame)  # Tune is not at its loop yet
        console.print("stopping; Ctrl-C again to stop at once")
        signal.raise_signal(signal.SIGUSR1)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    os.environ["TUNE_DISABLE_SIGINT_HANDLER"] = "1"
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1)}
    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
