from __future__ import annotations

import time
from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
import ray
from rich.console import Console

from paretint.store import Ledger, Run
from paretint.sweep.progress import Board, Display, Doing, line

Row = dict[str, Any]
OBJECTIVES = ["quality.psnr", "speed.fps"]


class Wire:
    """Keeps what is sent to an actor."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self.post = SimpleNamespace(remote=lambda *message: self.sent.append(message))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the time."""
    now = [100.0]
    monkeypatch.setattr("paretint.sweep.progress.time", SimpleNamespace(monotonic=lambda: now[0]))
    return lambda seconds: now.__setitem__(0, seconds)


def test_a_stage_is_told_at_once_and_then_twice_a_second(clock: Callable[[float], None]) -> None:
    wire = Wire()
    board = Board(wire)
    for step in range(300):
        clock(100 + step / 100)
        board.post("t0000", "training steps", step, 300)
    assert [doing.done for _, doing in wire.sent] == [0, 50, 100, 150, 200, 250]
    board.post("t0000", "exporting and scoring", 0, 1)
    assert wire.sent[-1] == ("t0000", Doing("exporting and scoring", 0, 1))
    board.clear("t0000")
    assert wire.sent[-1] == ("t0000", None)
    board.post("t0001", "exporting and scoring", 0, 1)
    assert wire.sent[-1] == ("t0001", Doing("exporting and scoring", 0, 1))


def test_the_board_holds_the_latest_word_of_every_running_trial(board: Any) -> None:
    first, second = Board(board), Board(board)
    first.post("t0000", "timing", 0, 1)
    first.post("t0000", "training steps", 1, 9)
    second.post("t0001", "images", 10, 50)
    assert ray.get(board.read.remote()) == {
        "t0000": Doing("training steps", 1, 9),
        "t0001": Doing("images", 10, 50),
    }
    first.clear("t0000")
    first.clear("t0000")
    assert ray.get(board.read.remote()) == {"t0001": Doing("images", 10, 50)}


def test_a_complete_trial_in_one_line(row: Callable[..., Row]) -> None:
    said = line(row("t0003", 5, 1000, 8, 35.604, 884.0), OBJECTIVES)
    assert said == "t0003 pairs 5, amplified 1000, width 8: quality.psnr 35.60, speed.fps 884.00"


def test_a_trial_without_scores_says_why(row: Callable[..., Row]) -> None:
    unscored = row("t0003", 5, 0, 48, 0.0, 11.0, state="infeasible", reason="speed.fps >= 60")
    assert line(unscored, OBJECTIVES) == (
        "t0003 pairs 5, amplified 0, width 48: infeasible, speed.fps >= 60"
    )


def until(seen: Callable[[str], bool], output: StringIO) -> None:
    """Wait until what was printed last, from the bar of all trials on, is as it should be."""
    for _ in range(1200):
        if seen(output.getvalue().rpartition("trials ")[2]):
            return
        time.sleep(0.05)
    raise AssertionError(output.getvalue())


def test_without_a_terminal_a_line_for_each_new_trial_is_all(
    run: Run, row: Callable[..., Row], board: Any
) -> None:
    output = StringIO()
    with Display(Console(file=output, width=40), run, board, 16):
        Board(board).post("t0014", "training steps", 1, 9)
        Ledger(run).write_trial(row("t0014", 5, 0, 8, 35.0, 900.0))
        until(lambda text: "t0014" in text, output)
        died = {"state": "failed", "reason": "[/tmp] [red]it died"}
        Ledger(run).write_trial(row("t0015", 5, 0, 8, 35.0, 900.0, **died))
    lines = [text for text in output.getvalue().splitlines() if text.strip()]
    assert lines == [
        "t0014 pairs 5, amplified 0, width 8: quality.psnr 35.00, speed.fps 900.00",
        "t0015 pairs 5, amplified 0, width 8: failed, [/tmp] [red]it died",
    ]


def test_a_warning_is_said_and_logged_once_whoever_gives_it_and_however_often_it_is_resumed(
    run: Run, board: Any
) -> None:
    said: list[str] = []
    for new in ("release, fp32: [red]14 Pad", "compact, width 4: 1 LSTM"):
        output = StringIO()
        with Display(Console(file=output, width=40), run, board, 16):
            for _ in range(2):
                Board(board).warn(new)
        said += [text for text in output.getvalue().splitlines() if text.strip()]
    assert said == ["release, fp32: [red]14 Pad", "compact, width 4: 1 LSTM"]
    assert [event["warning"] for event in run.events() if event["event"] == "gate"] == said


def terminal(output: StringIO) -> Console:
    return Console(file=output, width=120, force_terminal=True, color_system=None)


def test_a_trial_that_others_end_has_no_bar_any_more(
    run: Run, row: Callable[..., Row], board: Any
) -> None:
    output = StringIO()
    with Display(terminal(output), run, board, 20):
        Board(board).post("t0014", "training steps", 150, 500)
        until(lambda frame: "t0014 training steps" in frame, output)
        stopped = {"state": "stopped", "reason": "others will beat it"}
        Ledger(run).write_trial(row("t0014", 5, 0, 8, 35.0, 900.0, **stopped))
        until(lambda frame: "15/20" in frame and "t0014" not in frame, output)


def test_on_a_terminal_bars_show_the_run_and_what_each_trial_is_at(run: Run, board: Any) -> None:
    output = StringIO()
    with Display(terminal(output), run, board, 20):
        pen = Board(board)
        pen.post("t0014", "images", 100, 400)
        until(lambda frame: "14/20" in frame and "t0014 images" in frame, output)
        until(lambda frame: "100/400" in frame, output)
        pen.post("t0014", "training steps", 3, 600)
        until(lambda frame: "3/600" in frame and "images" not in frame, output)
        pen.clear("t0014")
        until(lambda frame: "/20" in frame and "t0014" not in frame, output)


@pytest.mark.slow
def test_a_board_whose_process_dies_is_read_again(board: Any) -> None:
    Board(board).warn("before")
    assert ray.get(board.warnings.remote()) == ["before"]
    ray.kill(board, no_restart=False)
    deadline = time.monotonic() + 60
    while ray.get(board.warnings.remote()):
        assert time.monotonic() < deadline, "the board that was killed still answers"
        time.sleep(0.05)
    Board(board).warn("after")
    assert ray.get(board.warnings.remote()) == ["after"]
