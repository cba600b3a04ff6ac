"""The command line: each verb once, what mistakes end in, and runs that were ended from outside."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import optuna
import psutil
import pytest
from click.testing import Result
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from typer.testing import CliRunner

from paretint.cli import app
from paretint.store import Ledger, Run, Store

COMMAND = Path(sys.executable).with_name("paretint")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def copy(finished: Run, here: Path) -> Path:
    """A run of one's own, at its end, as the command line names it."""
    shutil.copytree(finished.folder, here / "runs" / "tiny")
    return Path("runs/tiny")


def invoke(*words: object) -> Result:
    """What a command answers in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


# Mistakes


MISTAKES = [
    ("run {tiny} --set amplifer.base=x", "unknown key 'amplifer'; did you mean 'amplifier'?"),
    ("run {tiny} --set student.blocks=9", "student.blocks: 9 should be less than"),
    ("run {tiny} --set search_space.parameters.widht=8", "unknown parameter 'widht'; did you mean"),
    (
        "run {tiny} --set objectives.0.column=quality.psn",
        "'quality.psn' is no column; did you mean",
    ),
    ("run {tiny} --set faces.style=rosé", "there is no style 'rosé'; did you mean 'rose'"),
    ("run quikstart", "there is no experiment 'quikstart'; did you mean 'quickstart'?"),
    ("run {tiny} --out {run}", "the run {run} exists; choose another folder with --out"),
    ("run {tiny} --store s3://bucket", "give a path or a file:// URL"),
    ("run {tiny} --set 'faces={empty}'", "before: holds no photo (.bmp"),
    ("resume nowhere", "there is no run 'nowhere'"),
    ("status nowhere", "there is no run 'nowhere'"),
    ("front {tiny}", "there is no run '{tiny}'"),
    ("report nowhere", "there is no run 'nowhere'"),
    ("dashboard nowhere", "there is no run 'nowhere'"),
    ("pick {run} --where speed.fsp>=60", "'speed.fsp' is no column; did you mean 'speed.fps'"),
    ("pick {run} --where fast", "'fast' is no rule; write it like 'speed.fps >= 60'"),
    ("pick {run} --where speed.fps>=1e9", "relax to speed.fps >= "),
    ("pick {run} --best quality.pnsr", "'quality.pnsr' is no column; did you mean 'quality.psnr'"),
    ("bench {tiny}", "not an ONNX file that onnxruntime can run"),
    ("bench nowhere.onnx", "nowhere.onnx: no ONNX file here; give the path of one"),
    ("bench {run} --device ort-gpu", "unknown device 'ort-gpu'; did you mean 'ort-cpu'?"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=[words for words, _ in MISTAKES])
def test_a_mistake_is_one_line_that_says_what_to_do_and_exit_code_2(
    words: str, said: str, here: Path, finished: Run, tiny_file: Path
) -> None:
    for name in ("before", "after"):
        (here / name).mkdir()
    empty = "{source: folders, before: before, after: after}"
    names = {"tiny": tiny_file, "run": finished.folder, "empty": empty}
    command = [COMMAND, *shlex.split(words.format(**names))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("paretint: ")
    assert done.stderr.count("\n") == 1
    assert said.format(**names) in done.stderr
    assert {path.name for path in here.iterdir()} == {"before", "after"}


# Each verb


def test_status_of_a_run_at_its_end(copy: Path) -> None:
    answer = invoke("status", copy)
    assert answer.exit_code == 0
    assert answer.output.splitlines()[:3] == [
        "runs/tiny: 4 of 4 trials are finished",
        "  complete: 3",
        "  infeasible: 1",
    ]


def test_front_shows_the_front_and_what_amplification_adds(copy: Path) -> None:
    answer = invoke("front", copy)
    assert answer.exit_code == 0
    assert "of 3 complete trials are on the front; hypervolume" in answer.output
    assert re.search(r"^t000[013] ", answer.output, re.MULTILINE)


def test_pick_writes_the_winner_and_says_why(copy: Path, here: Path) -> None:
    answer = invoke("pick", copy, "--where", "param.width <= 4", "--best", "speed.fps")
    assert answer.exit_code == 0
    said, written = answer.output.splitlines()
    assert re.match(r"t000[01] has the highest speed.fps \(.* that meet param.width <= 4$", said)
    assert written == "written to winner"
    for line in (here / "winner" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((here / "winner" / name).read_bytes()).hexdigest() == digest
    again = invoke("pick", copy)
    assert "winner: is there already; name another folder with --out" in str(again.exception)


def test_report_writes_one_file_and_says_where(copy: Path) -> None:
    answer = invoke("report", copy)
    assert answer.output == "runs/tiny/report.html\n"
    assert "t0000" in Path("runs/tiny/report.html").read_text(encoding="utf-8")


def test_bench_times_every_complete_model_of_a_run(copy: Path, store_of_finished: Store) -> None:
    answer = invoke("bench", copy, "--store", store_of_finished.root)
    assert answer.exit_code == 0
    assert re.findall(r"t\d{4}", answer.output) == ["t0000", "t0001", "t0003"]
    assert answer.output.count("measured:ort-cpu") == 3


def test_bench_times_one_file(copy: Path, store_of_finished: Store) -> None:
    file = copy / "models" / "t0003" / "model.onnx"
    answer = invoke("bench", file, "--store", store_of_finished.root)
    assert answer.exit_code == 0
    assert "model.onnx" in answer.output


def test_bench_of_a_run_without_a_complete_trial(run: Run) -> None:
    run.trials_parquet.unlink()
    answer = invoke("bench", run.folder)
    assert "has no complete trial to time yet" in str(answer.exception)


def test_doctor_shows_every_part_and_what_a_missing_one_costs(here: Path) -> None:
    answer = invoke("doctor", "--store", here / "store")
    assert answer.exit_code == 0
    for part in ("python", "ray", "torch", "onnxruntime", "coremltools", "lpips", "gpu", "store"):
        assert re.search(rf"^ *{part} +(good|absent)", answer.output, re.MULTILINE)


def test_doctor_ends_with_exit_code_1_where_a_part_is_broken(here: Path) -> None:
    answer = invoke("doctor", "--store", "s3://bucket")
    assert answer.exit_code == 1
    assert re.search(r"^ *store +broken", answer.output, re.MULTILINE)
    assert list(here.iterdir()) == []


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_run_ends_with_the_front_and_what_to_type_next(
    tiny_file: Path, here: Path, store_of_finished: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARETINT_STORE", str(store_of_finished.root))
    answer = invoke("run", tiny_file, "--trials", 1, "--set", "name=one", "--set", "seed=6")
    assert answer.exit_code == 0, answer.output
    run = Run.open(here / "runs" / "one")
    assert (run.experiment.budget.trials, run.experiment.seed) == (1, 6)
    assert Ledger(run).trials()["trial"].to_list() == ["t0000"]
    lines = answer.output.splitlines()
    assert "1 of 1 complete trials are on the front" in answer.output
    assert [line for line in lines if line.startswith("t0000 pairs 3, amplified 15, width 4: ")]
    assert lines[-3:] == [
        "report     runs/one/report.html",
        "dashboard  paretint dashboard runs/one",
        'pick       paretint pick runs/one --where "speed.fps >= 60" --best quality.psnr',
    ]
    assert (here / "runs" / "one" / "report.html").is_file()


# Runs that are ended from outside, on a machine without Core ML tools and LPIPS


TRIALS = 8
ABSENT = ("quality.lpips stays empty: ", "size.coreml_bytes stays empty: ")
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
        code = self._process.wait(timeout=200)
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


def title_of(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return " ".join(process.cmdline()[:1])
    return ""


def without_core_ml(folder: Path) -> dict[str, str]:
    """An environment in which no process can import coremltools."""
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(
        "import sys\nsys.modules['coremltools'] = None\n"
    )
    return {**os.environ, "PYTHONPATH": str(folder / "site")}


@pytest.fixture(scope="module")
def story(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    environment = without_core_ml(folder)
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
    survivors = [title_of(process) for process in wait_for_end(working, seconds=30)]
    for process in wait_for_end(started, seconds=0):
        process.kill()

    last = Driver(folder, environment, "resume", "runs/tiny", *where).end()
    return Story(Run.open(folder / "runs" / "tiny"), interrupted, killed, survivors, last)


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_killed_driver_leaves_nothing_at_work(story: Story) -> None:
    """Ray's two agents, which only listen, take their minutes to notice."""
    assert story.killed.code == -signal.SIGKILL
    assert len(story.interrupted.trials) < len(story.killed.trials) < TRIALS
    assert story.survivors == []


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_is_absent_is_said_once_and_its_columns_are_left_out(story: Story) -> None:
    for ended in (story.interrupted, story.killed, story.finished):
        assert [ended.output.count(said) for said in ABSENT] == [1, 1]
    columns = Ledger(story.run).trials().columns
    assert not [name for name in columns if name.startswith(("quality.lpips", "size.coreml"))]
    assert list(story.run.folder.glob("models/*/model.onnx"))
    assert not list(story.run.folder.glob("models/*/model.mlpackage"))


@pytest.mark.slow
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
