"""What every trial is doing now: a board that workers write to and the driver reads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.text import Text

from paretint.store import Ledger, Run
from paretint.terminal import bars

_EVERY_S = 0.5


class Doing(NamedTuple):
    """A trial's stage, and how far it is."""

    stage: str
    done: int
    total: int


class BoardActor:
    """Holds the latest word of every running trial, and what all have warned of."""

    def __init__(self) -> None:
        self._doing: dict[str, Doing] = {}
        self._warnings: dict[str, None] = {}

    @ray.method(max_task_retries=0)
    def post(self, trial: str, doing: Doing | None) -> None:
        """Take a trial's latest word; None when it has ended. One that is lost has a successor."""
        if doing is None:
            self._doing.pop(trial, None)
        else:
            self._doing[trial] = doing

    def read(self) -> dict[str, Doing]:
        """Return the latest word of every running trial."""
        return self._doing

    def warn(self, text: str) -> None:
        """Take a warning; the same one again changes nothing."""
        self._warnings[text] = None

    def warnings(self) -> list[str]:
        """Return every warning once, the first one first."""
        return list(self._warnings)


def start_board() -> Any:
    """Start the board, which reserves no core, on the machine of the driver that reads it.

    One that dies is started again, empty: no sweep is to end for what it shows.
    """
    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    actor = ray.remote(BoardActor).options(
        num_cpus=0, max_restarts=-1, max_task_retries=-1, scheduling_strategy=here
    )
    return actor.remote()


class Board:
    """A trial's pen: writes at most twice a second, and never waits for an answer."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor
        self._last = 0.0
        self._stage = ""

    def post(self, trial: str, stage: str, done: int, total: int) -> None:
        """Say how far a trial is; a new stage is said at once."""
        now = time.monotonic()
        if stage != self._stage or now - self._last >= _EVERY_S:
            self._stage, self._last = stage, now
            self._actor.post.remote(trial, Doing(stage, done, total))

    def warn(self, text: str) -> None:
        """Say once, whoever else says so too, what people should know at once."""
        self._actor.warn.remote(text)

    def clear(self, trial: str) -> None:
        """Say that a trial has ended."""
        self._stage = ""
        self._actor.post.remote(trial, None)


class Bars:
    """A bar for everything that a board tells of."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, tuple[str, TaskID]] = {}

    def show(self, doing: dict[str, Doing]) -> None:
        """Show the latest word of each, and no bar of what has ended."""
        for name, now in doing.items():
            stage, task = self._tasks.get(name, ("", None))
            if task is None or stage != now.stage:
                if task is not None:
                    self._progress.remove_task(task)
                task = self._progress.add_task(f"{name} {now.stage}", total=now.total)
                self._tasks[name] = now.stage, task
            self._progress.update(task, completed=now.done)
        for name in self._tasks.keys() - doing.keys():
            self._progress.remove_task(self._tasks.pop(name)[1])


@contextmanager
def following(console: Console, board: Any) -> Iterator[None]:
    """Show what a board tells of, for as long as it is worked on."""
    stop = threading.Event()
    with bars(console) as progress:
        shown = Bars(progress)

        def follow() -> None:
            while not stop.wait(_EVERY_S):
                with suppress(Exception):  # bars that fail once are not to stand still for good
                    shown.show(ray.get(board.read.remote()))

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


class Display:
    """Bars on the terminal: trials done and left, and what each running one is at.

    Where the output is no terminal, lines for warnings and finished trials are all there is. A
    warning goes to the run's log too, and is not said again when the run is resumed.
    """

    def __init__(self, console: Console, run: Run, board: Any, trials: int) -> None:
        self._console = console
        self._run = run
        self._ledger = Ledger(run)
        self._objectives = [objective.column for objective in run.experiment.objectives]
        self._board = board
        self._progress = bars(console)
        self._all = self._progress.add_task("trials", total=trials)
        self._running = Bars(self._progress)
        self._told = set(self._ledger.trials()["trial"])
        self._warned = {e["warning"] for e in run.events() if e["event"] == "gate"}
        self._progress.update(self._all, completed=len(self._told))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Display:
        self._progress.start()
        self._thread.start()
        return self

    def __exit__(self, error: object, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if error is None:  # else the board may be gone
            self._tell_warnings()
        self._tell_finished()
        self._progress.stop()

    def _follow(self) -> None:
        while not self._stop.wait(_EVERY_S):
            with suppress(Exception):  # what fails for good is met again, and raised, at the end
                self._tell_warnings()
                self._tell_finished()
                doing = ray.get(self._board.read.remote()).items()
                # One that was stopped, or whose process died, had no last word of its own.
                self._running.show({name: now for name, now in doing if name not in self._told})

    def _tell_warnings(self) -> None:
        for text in ray.get(self._board.warnings.remote()):
            if text not in self._warned:
                self._run.log("gate", warning=text)
                self._console.print(Text(text), style="yellow", soft_wrap=True)
                self._warned.add(text)

    def _tell_finished(self) -> None:
        for row in self._ledger.trials().to_dicts():
            if row["trial"] not in self._told:
                self._console.print(Text(line(row, self._objectives)), soft_wrap=True)
                self._told.add(row["trial"])
        self._progress.update(self._all, completed=len(self._told))


def line(row: dict[str, Any], objectives: list[str]) -> str:
    """Return a finished trial in one line: its recipe and scores, or why it has none."""
    recipe = ", ".join(f"{name} {row[f'param.{name}']}" for name in ("pairs", "amplified", "width"))
    if row["state"] != "complete":
        return f"{row['trial']} {recipe}: {row['state']}, {row['reason']}"
    scores = ", ".join(f"{name} {row[name]:.2f}" for name in objectives)
    return f"{row['trial']} {recipe}: {scores}"
