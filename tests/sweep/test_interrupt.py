"""Real signals, which pytest's own process sends to itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from io import StringIO

import pytest
from rich.console import Console

from paretint.sweep.interrupt import gentle_interrupt

SAID = "stopping; Ctrl-C again to stop at once\n"


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Whatever a test leaves, the handlers are pytest's again."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def console() -> Console:
    return Console(file=StringIO())


def said(console: Console) -> str:
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_the_first_ctrl_c_asks_tune_to_end_and_the_second_does_not_wait(console: Console) -> None:
    heard: list[int] = []
    with gentle_interrupt(console):
        signal.signal(signal.SIGUSR1, lambda number, _: heard.append(number))  # as Tune does
        signal.raise_signal(signal.SIGINT)
        assert (heard, said(console)) == ([signal.SIGUSR1], SAID)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert (heard, said(console)) == ([signal.SIGUSR1], SAID)


def test_before_tune_listens_ctrl_c_interrupts_at_once(console: Console) -> None:
    with gentle_interrupt(console), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert said(console) == ""


def test_handlers_are_as_they_were_whatever_happens(console: Console) -> None:
    def mine(*_: object) -> None:
        pass

    def fail() -> None:
        with gentle_interrupt(console):
            signal.signal(signal.SIGUSR1, mine)
            raise ValueError("on the way")

    signal.signal(signal.SIGINT, mine)
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    with pytest.raises(ValueError, match="on the way"):
        fail()
    assert signal.getsignal(signal.SIGINT) is mine
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_IGN


def test_another_thread_is_left_alone(console: Console) -> None:
    before = signal.getsignal(signal.SIGINT)
    inside: list[object] = []

    def run() -> None:
        with gentle_interrupt(console):
            inside.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert inside == [before]
