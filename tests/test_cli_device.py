"""`paretint device` as a user types it, with an agent in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from paretint.config import Experiment
from paretint.device.mailbox import Mailbox
from paretint.export import export_onnx, structure
from paretint.store import Ledger, Remote, Run, result_files
from paretint.student import TinyBeauty

COMMAND = [sys.executable, "-m", "paretint.cli"]
NAME = "agent:host"


def paretint(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=280)


@pytest.fixture
def run(tmp_path: Path, experiment: Experiment) -> Run:
    """A run of four complete trials with real models of as many structures."""
    run = Run.create(tmp_path / "run", experiment)
    for width in (4, 5, 6, 7):
        torch.manual_seed(0)
        folder = run.models(f"t{width:04}")
        folder.mkdir(parents=True)
        model = export_onnx(TinyBeauty(width, 0), 16, folder / "model.onnx")
        row = {"trial": folder.name, "state": "complete", "structure.onnx": structure(model)}
        Ledger(run).write_trial(row)
    return run


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts commands that are killed at the end, if they still run."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str | Path) -> subprocess.Popen[str]:
        command = [*COMMAND, *map(str, words)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def agent(run: Run) -> list[str | Path]:
    """The words that start an agent at a run; the store is its own, as on another machine."""
    store = run.folder.parent / "agent-store"
    words = ["device", "agent", "--run", run.folder, "--name", "host", "--store", store]
    return [*words, "--device", "ort-cpu"]


def results(run: Run) -> dict[str, tuple[int, int]]:
    """The results of the agent: one that is made twice is another file."""
    files = {file.name: file.stat() for file in result_files(run.folder)}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in files.items()}


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[str], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_list_tells_what_is_here_and_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    done = paretint("device", "list")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    names = ["ort-cpu", "coreml", "coreml:cpu", "coreml:gpu", "coreml:ane", "android", "agent:NAME"]
    assert [line.split()[0] for line in lines] == names
    assert "onnxruntime" in lines[0]
    assert lines[5].endswith("adb is not installed; install Android's platform tools")


def test_an_import_shows_in_the_run(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "profile.json"
    report.write_text(json.dumps({"execution_summary": {"all_inference_times": [2000, 4000]}}))
    words = ["device", "import", report, "--run", run.folder, "--device", "s24"]
    done = paretint(*words, "--trial", "t0004")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "t0004: fps 333.3, p50_ms 3, p90_ms 3.8, p99_ms 3.98, cv 0.3333",
        "speed.s24.*  measured:s24:aihub",
    ]
    assert Ledger(run).trials()["speed.s24.p50_ms"].to_list() == [3.0, None, None, None]
    again = paretint(*words)
    assert again.returncode == 2
    assert again.stderr == (
        f"paretint: {report}: does not tell its model's hash; name it by --trial or --model\n"
    )


def test_an_agent_that_could_not_measure_all_ends_with_1(run: Run) -> None:
    (run.models("t0004") / "model.onnx").write_bytes(b"broken")
    done = paretint(*agent(run), "--once")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2:] == ["3 measured", "1 could not be measured, see above"]
    assert len(results(run)) == 3


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_agent_that_is_killed_goes_on_where_it_was(run: Run, start: Start) -> None:
    first = start(*agent(run))
    wait_until(lambda: len(results(run)) >= 1, first, 120)
    first.kill()
    first.wait()
    left = results(run)
    assert (run.folder / "devices" / "agent+host" / "agent.json").exists()
    second = paretint(*agent(run), "--once")
    assert second.returncode == 0, second.stderr
    assert second.stdout.splitlines()[-1] == f"{4 - len(left)} measured"
    assert left.items() <= results(run).items()
    assert len(results(run)) == 4
    assert Ledger(run).trials()[f"speed.{NAME}.fps"].null_count() == 0
    samples = list((run.folder.parent / "agent-store").glob("timing/*/samples.parquet"))
    assert len(samples) == 4


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_who_waits_may_be_killed_and_ask_again(run: Run, start: Start) -> None:
    """The agent is stopped while it is asked, so that the first to ask is killed in its wait."""
    box = Mailbox(Remote(run.folder), NAME)
    for width in (5, 6, 7):
        Ledger(run).write_trial({"trial": f"t{width:04}", "state": "failed"})
    working = start(*agent(run))
    wait_until(lambda: len(results(run)) == 1, working, 120)
    working.send_signal(signal.SIGSTOP)
    measured = results(run)
    for width in (5, 6, 7):
        Ledger(run).write_trial({"trial": f"t{width:04}", "state": "complete"})

    bench = ["bench", run.folder, "--device", NAME, "--store", run.folder.parent / "store"]
    asking = start(*bench)
    wait_until(lambda: len(box.wanted()) == 1, asking, 120)
    asking.kill()
    asking.wait()
    working.send_signal(signal.SIGCONT)
    again = paretint(*bench)
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.count(f"measured:{NAME}") == 1
    assert box.wanted() == []
    assert measured.items() <= results(run).items()
    assert len(results(run)) == 4
    working.send_signal(signal.SIGINT)
    said = working.communicate(timeout=60)[0]
    assert working.returncode == 130
    assert said.splitlines()[-1].startswith("stopped; what is measured is in the run")
    assert box.card() is None


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_sweep_on_an_agent(tiny_file: Path, tmp_path: Path, start: Start) -> None:
    """The sweep waits for its agent, which can come no sooner than the run's folder."""
    folder, store = tmp_path / "run", tmp_path / "store"
    words: list[str | Path] = ["run", tiny_file, "--out", folder, "--store", store, "--trials", "2"]
    words += ["--set", f"devices=[ort-cpu, {NAME}]"]
    sweep = start(*words)
    wait_until((folder / "experiment.yaml").exists, sweep, 200)
    working = start(*agent(Run(folder, None)))  # type: ignore[arg-type]
    said = sweep.communicate(timeout=280)[0]
    assert sweep.returncode == 0, said + working.stdout.read()  # type: ignore[union-attr]
    assert "no agent named host is at this run; start one with: paretint device agent" in said
    trials = Ledger(Run.open(folder)).trials()
    assert set(trials["state"]) == {"complete"}
    assert trials[f"speed.{NAME}.provenance"].to_list() == [f"measured:{NAME}"] * 2
    assert trials[f"speed.{NAME}.fps"].null_count() == 0
