"""Runs that are ended from outside, on a machine without Core ML tools and LPIPS."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import optuna
import psutil
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from paretint.store import Ledger, Run

# Three drivers start one after the other, each with Ray and all libraries in five processes.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TitleOf = Callable[[psutil.Process], str]
COMMAND = Path(sys.executable).with_name("paretint")
TRIALS = 8
ABSENT = (
    "quality.lpips stays empty: ",
    "size.coreml_bytes stays empty: ",
    "quality.coreml stays empty: ",
)
FINISHED = re.compile(r"^t\d{4} pairs \d, amplified \d+, width \d+: ", re.MULTILINE)


class Ended(NamedTuple):
    """How a command ended: its exit code, what it printed, and the trials in the ledger by then."""

    code: int
    output: str
    trials: list[str]


class Story(NamedTuple):
    """A run that Ctrl-C ended, whose resumption was killed, and that was resumed once more."""

    run: Run
    interrupted: Ended
    killed: Ended
    survivors: list[str]
    finished: Ended


class Driver:
    """`paretint` in a process group of its own, as a terminal starts it."""

    def __init__(self, folder: Path, environment: dict[str, str], *words: str) -> None:
        self._output = folder / "output"
        self._run = folder / "runs" / "tiny"
        with self._output.open("w") as file:
            self._process = subprocess.Popen(
                [COMMAND, *words],
                cwd=folder,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def trials(self) -> list[str]:
        table = self._run / "trials.parquet"
        return Ledger(Run.open(self._run)).trials()["trial"].to_list() if table.exists() else []

    def wait_for_trials(self, count: int) -> None:
        while len(self.trials()) < count:
            assert self._process.poll() is None, self._output.read_text()
            time.sleep(0.05)

    def interrupt(self) -> None:
        """Press Ctrl-C: a terminal signals the whole group."""
        os.killpg(self._process.pid, signal.SIGINT)

    def kill(self) -> list[psutil.Process]:
        """Kill the driver alone; return the processes it had started."""
        started = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        return started

    def end(self) -> Ended:
        code = self._process.wait()
        return Ended(code, self._output.read_text(), self.trials())


def wait_for_end(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still run after some time; one that ended and waits to be reaped does not."""

    def runs(process: psutil.Process) -> bool:
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    deadline = time.monotonic() + seconds
    while (left := [process for process in processes if runs(process)]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.1)
    return left


def without_core_ml(folder: Path) -> dict[str, str]:
    """An environment in which no process can import coremltools."""
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(
        "import sys\nsys.modules['coremltools'] = None\n"
    )
    return {**os.environ, "PYTHONPATH": str(folder / "site")}


@pytest.fixture(scope="module")
def story(
    tiny_file: Path, tmp_path_factory: pytest.TempPathFactory, title_of: TitleOf
) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("story")
    with tempfile.TemporaryDirectory(prefix="t-", dir="/tmp", ignore_cleanup_errors=True) as left:
        yield tell(tiny_file, folder, without_core_ml(folder) | {"TMPDIR": left}, title_of)


def tell(tiny_file: Path, folder: Path, environment: dict[str, str], title_of: TitleOf) -> Story:
    where = ["--store", str(folder / "store")]

    first = Driver(folder, environment, "run", str(tiny_file), "--trials", str(TRIALS), *where)
    first.wait_for_trials(1)
    first.interrupt()
    interrupted = first.end()

    second = Driver(folder, environment, "resume", "runs/tiny", *where)
    second.wait_for_trials(len(interrupted.trials) + 1)
    started = second.kill()
    killed = second.end()
    working = [process for process in started if "Agent" not in title_of(process)]
    survivors = [title_of(process) for process in wait_for_end(working, seconds=120)]
    for process in wait_for_end(started, seconds=0):
        process.kill()

    last = Driver(folder, environment, "resume", "runs/tiny", *where).end()
    return Story(Run.open(folder / "runs" / "tiny"), interrupted, killed, survivors, last)


def test_ctrl_c_ends_a_run_and_says_how_to_go_on(story: Story) -> None:
    code, output, trials = story.interrupted
    assert code == 130
    assert 1 <= len(trials) < TRIALS
    store = story.run.folder.parents[1] / "store"
    assert output.splitlines()[-1] == (
        f"{TRIALS - len(trials)} trials are left;"
        f" go on with: paretint resume runs/tiny --store {store}"
    )
    assert "stopping; Ctrl-C again to stop at once" in output


def test_a_killed_driver_leaves_nothing_at_work(story: Story) -> None:
    """Ray's two agents, which only listen, take their minutes to notice."""
    assert story.killed.code == -signal.SIGKILL
    assert len(story.interrupted.trials) < len(story.killed.trials) < TRIALS
    assert story.survivors == []


def test_resume_ends_with_the_front_and_what_to_type_next(story: Story) -> None:
    assert story.finished.code == 0
    assert "complete trials are on the front; hypervolume" in story.finished.output
    assert story.finished.output.splitlines()[-3:] == [
        "report     runs/tiny/report.html",
        "dashboard  paretint dashboard runs/tiny",
        'pick       paretint pick runs/tiny --where "speed.fps >= 60" --best quality.psnr',
    ]
    assert (story.run.folder / "report.html").is_file()


def test_resume_finishes_and_every_trial_is_told_exactly_once(story: Story) -> None:
    assert story.finished.code == 0, story.finished.output
    ledger = story.finished.trials
    assert len(ledger) == len(set(ledger)) == TRIALS
    assert ledger[: len(story.killed.trials)] == story.killed.trials

    storage = JournalStorage(JournalFileBackend(str(story.run.journal)))
    trials = optuna.load_study(study_name="tiny", storage=storage).trials
    told = [f"t{trial.number:04d}" for trial in trials if trial.state.name == "COMPLETE"]
    assert sorted(ledger) == told
    assert {trial.state.name for trial in trials} <= {"COMPLETE", "FAIL"}


def test_what_is_absent_is_said_once_and_its_columns_are_left_out(story: Story) -> None:
    for ended in (story.interrupted, story.killed, story.finished):
        assert [ended.output.count(said) for said in ABSENT] == [1, 1, 1]
    columns = Ledger(story.run).trials().columns
    assert not [name for name in columns if name.startswith(("quality.lpips", "size.coreml"))]
    assert list(story.run.folder.glob("models/*/model.onnx"))
    assert not list(story.run.folder.glob("models/*/model.mlpackage"))


def test_no_library_drowns_what_a_run_has_to_say(story: Story) -> None:
    """Not a terminal: a line for what is absent, one for each trial, and how it ended."""
    said = (*ABSENT, "stopping; ", f"{len(story.interrupted.trials)} trials in runs/tiny, ")
    other = [
        line
        for line in story.interrupted.output.splitlines()[:-1]
        if line and not line.startswith(said) and not FINISHED.match(line)
    ]
    assert other == []
    shown = FINISHED.findall(story.finished.output)
    assert len(shown) == TRIALS - len(story.killed.trials)
    before, _, _ = story.finished.output.partition(f"{TRIALS} trials in runs/tiny")
    assert len([line for line in before.splitlines() if line]) == len(ABSENT) + len(shown)
