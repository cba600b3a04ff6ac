"""One thread for every test; made-up rows of a ledger for the rooms that only read one; and for
those that write one, a sweep that is as small as a real one can be.
"""

from __future__ import annotations

import os
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest
import torch
from rich.console import Console

from paretint.config import Experiment, Objective, load_experiment
from paretint.store import Ledger, Run, Store
from paretint.student import Release
from paretint.student.release import _NAMES

# A shell ignores Ctrl-C in what it starts in the background, and so would every process of a test.
signal.signal(signal.SIGINT, signal.default_int_handler)

Row = dict[str, Any]
UNCHANGED = 30.76

EXPERIMENT = """\
name: made-up
seed: 7
faces: {source: procedural, style: evening, size: 64, pairs: 10, unlabelled: 100, heldout: 16}
amplifier: {fine_tune_steps: 10, learning_rate: 1.0e-4, batch: 4}
student: {steps: 20, rungs: [10, 20], batch: 4, learning_rate: 1.0e-3}
search_space:
  parameters:
    pairs: {choices: [2, 5, 10]}
    amplified: {choices: [0, 250, 1000]}
    width: {choices: [8, 16, 24]}
objectives:
  - {column: quality.psnr, goal: maximize, reference: 30.0}
  - {column: speed.fps, goal: maximize, reference: 20.0}
budget: {trials: 14}
"""

TINY = """\
name: tiny
seed: 5
faces: {{source: procedural, style: rose, size: 32, pairs: 3, unlabelled: 20, heldout: 8}}
amplifier:
  weights: {base}
  gate: null
  fine_tune_steps: 2
  learning_rate: 1.0e-4
  batch: 2
  steps: 1
  part: 10
student: {{blocks: 1, steps: 6, rungs: [2, 6], batch: 2, learning_rate: 1.0e-3}}
search_space:
  sampler: random
  parameters:
    pairs: {{choices: [1, 2, 3]}}
    amplified: {{choices: [0, 5, 15]}}
    width: {{choices: [4, 8, 48]}}
  first:
    - {{pairs: 3, amplified: 15, width: 4}}
    - {{pairs: 3, amplified: 5, width: 4}}
    - {{pairs: 1, amplified: 15, width: 48}}
    - {{pairs: 2, amplified: 0, width: 8}}
objectives:
  - {{column: quality.psnr, goal: maximize, reference: 5.0}}
  - {{column: speed.fps, goal: maximize, reference: 0.0}}
constraints: [size.params <= 10_000]
stopping: null
budget: {{trials: 4}}
"""


def pytest_configure() -> None:
    """Leave one thread to each test: more threads than idle cores wait for each other for ever."""
    os.environ["OMP_NUM_THREADS"] = "1"  # for the processes that tests start
    os.environ["TORCH_HOME"] = os.devnull  # no weights are fetched, and none lie here
    torch.set_num_threads(1)
    # How long an example takes to draw depends on the machine, and on what else it does.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("patient")


def make_row(
    trial: str, pairs: int, amplified: int, width: int, psnr: float, fps: float, **more: Any
) -> Row:
    """A complete trial; PSNR has an interval of half a dB to each side."""
    return {
        "trial": trial,
        "state": "complete",
        "reason": None,
        "param.pairs": pairs,
        "param.amplified": amplified,
        "param.width": width,
        "quality.psnr": psnr,
        "quality.psnr_lo": psnr - 0.5,
        "quality.psnr_hi": psnr + 0.5,
        "quality.psnr_gain": psnr - UNCHANGED,
        "size.params": 143 * width**2,
        "size.onnx_bytes": 600 * width**2,
        "speed.fps": fps,
        "speed.provenance": "measured:ort-cpu",
        "speed.ort-cpu.fps": fps,
        "speed.ort-cpu.provenance": "measured:ort-cpu",
        "seed": 7,
    } | more


def made_up_rows() -> list[Row]:
    """Fourteen trials as a small sweep leaves them; t0003, t0007 and t0011 are the front."""
    unscored: Row = dict.fromkeys(("quality.psnr", "quality.psnr_lo", "quality.psnr_hi"))
    return [
        make_row("t0000", 2, 0, 8, 33.1, 880.0),
        make_row("t0001", 5, 0, 8, 33.9, 880.0),
        make_row("t0002", 5, 250, 8, 34.9, 871.0),
        make_row("t0003", 5, 1000, 8, 35.6, 884.0),
        make_row("t0004", 2, 0, 16, 33.8, 402.0),
        make_row("t0005", 5, 0, 16, 34.9, 405.0),
        make_row("t0006", 5, 250, 16, 35.5, 398.0),
        make_row("t0007", 5, 1000, 16, 36.9, 407.0),
        make_row("t0008", 10, 0, 16, 35.7, 404.0),
        make_row("t0009", 2, 1000, 24, 36.2, 196.0),
        make_row("t0010", 5, 0, 24, 35.1, 198.0),
        make_row("t0011", 10, 1000, 24, 37.6, 201.0),
        make_row("t0012", 2, 250, 24, 34.0, 199.0, state="stopped", reason="dominated at rung 10"),
        make_row("t0013", 5, 250, 24, 0.0, 11.0, state="infeasible", reason="speed.fps < 60")
        | unscored,
    ]


@pytest.fixture
def row() -> Callable[..., Row]:
    return make_row


@pytest.fixture
def rows() -> list[Row]:
    return made_up_rows()


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    file = tmp_path / "made-up.yaml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    return load_experiment(str(file))


@pytest.fixture
def run(tmp_path: Path, experiment: Experiment, rows: list[Row]) -> Run:
    """A run folder with the made-up rows in its ledger."""
    run = Run.create(tmp_path / "runs" / "made-up", experiment)
    for row in rows:
        Ledger(run).write_trial(row)
    return run


@pytest.fixture
def objectives(experiment: Experiment) -> tuple[Objective, ...]:
    return experiment.objectives


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of a base that has learned nothing."""
    from paretint.amplify.network import ResidualUNet, save_weights

    path = tmp_path_factory.mktemp("bases") / "untrained.safetensors"
    torch.manual_seed(0)
    save_weights(ResidualUNet(), path, {"data": "none"})
    return path


@pytest.fixture(scope="session")
def make_parser() -> Callable[..., Any]:
    """Makes tiny face parsers that have learned nothing, yet see many classes."""
    from paretint.regions import FPLIIF, Architecture, FaceParser

    def make(seed: int = 0, side: int = 16) -> FaceParser:
        torch.manual_seed(seed)
        network = FPLIIF(Architecture(width=4, blocks=(1, 1, 1), hidden=8, side=side))
        with torch.no_grad():
            for layer in network.decoder[::2]:
                layer.weight.mul_(4)
        return FaceParser(network)

    return make


@pytest.fixture(scope="session")
def tiny_file(untrained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real experiment of four trials, one of them infeasible, each of about a second."""
    path = tmp_path_factory.mktemp("experiments") / "tiny.yaml"
    path.write_text(TINY.format(base=untrained), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def title_of() -> Callable[[psutil.Process], str]:
    """Says what a process calls itself; nothing once it has ended."""

    def title(process: psutil.Process) -> str:
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            return " ".join(process.cmdline()[:1])
        return ""

    return title


@pytest.fixture(scope="session")
def cluster() -> Iterator[None]:
    """Ray with two cores, in a folder short enough for the names of its sockets."""
    import ray

    with tempfile.TemporaryDirectory(
        prefix="ray-", dir="/tmp", ignore_cleanup_errors=True
    ) as folder:
        ray.init(
            address="local",
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
            _temp_dir=folder,
        )
        yield
        ray.shutdown()


@pytest.fixture(scope="session")
def sweep(tiny_file: Path, cluster: None) -> Callable[..., Run]:  # noqa: ARG001
    """Runs the tiny experiment, with some keys overridden, in a new folder."""
    from paretint.sweep.engine import prepare, run_sweep

    def run(folder: Path, store: Store, *overrides: str) -> Run:
        experiment, console = load_experiment(tiny_file, overrides), Console(file=StringIO())
        ready = prepare(experiment, store, console)
        run = Run.create(folder, experiment)
        run_sweep(run, ready, store, console)
        return run

    return run


@pytest.fixture(scope="session")
def store_of_finished(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def finished(
    sweep: Callable[..., Run], store_of_finished: Store, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """The tiny experiment's run, at its end; not to be changed."""
    return sweep(tmp_path_factory.mktemp("runs") / "tiny", store_of_finished)


def _publish(path: Path, network: Release) -> Path:
    """Write a network as its authors publish theirs."""
    named = {}
    for ours, value in network.state_dict().items():
        published = [old + ours.removeprefix(new) for old, new in _NAMES if ours.startswith(new)]
        named[published[0] if published else ours] = value
    torch.save({"cleaner": named, "optimizer": {}, "scheduler": {}, "epoch": 99}, path)
    return path


@pytest.fixture(scope="session")
def publish() -> Callable[[Path, Release], Path]:
    """Writes a network as a checkpoint of the published layout, and returns its path."""
    return _publish


class PhoneDouble:
    """A double of a phone and of the adb that reaches it: a folder, and a program on PATH.

    It is hardware that no test machine has. adb's words and exit codes, and the output of
    onnxruntime's perf tool, are as their sources print them; the times are made up: 1 ms for the
    candidate and 2 ms for the control model.
    """

    SERIAL = "R5CT123"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tmp = folder / "data" / "local" / "tmp"
        self.tool = self.tmp / "onnxruntime_perf_test"
        for program, text in (
            (folder / "bin" / "adb", ADB),
            (folder / "phone-bin" / "getprop", GETPROP),
            (self.tool, PERF_TEST),
        ):
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(text)
            program.chmod(0o755)
        self.plug(f"{self.SERIAL} device")

    def plug(self, *phones: str) -> None:
        """Let adb know of phones: the serial and the state of each."""
        (self.folder / "phones").write_text("".join(f"{phone}\n" for phone in phones))

    def vanish_after(self, starts: int) -> None:
        """Let all phones vanish once the perf tool was started so often."""
        (self.folder / "left").write_text(str(starts))

    def starts(self) -> int:
        """How often the perf tool was started."""
        log = self.folder / "starts"
        return len(log.read_text().splitlines()) if log.exists() else 0


ADB = """\
#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
if [ "$1" = devices ]; then
  echo "List of devices attached"
  sed 's/ /\\t/' "$here/phones"
  exit 0
fi
serial=$2; verb=$3
if ! grep -q "^$serial device" "$here/phones"; then
  echo "adb: device '$serial' not found" >&2
  exit 1
fi
case $verb in
  push) mkdir -p "$(dirname "$here$5")"; cp "$4" "$here$5"; echo "$4: 1 file pushed" ;;
  shell)
    case $4 in *onnxruntime_perf_test\\ -I*)
      if [ "$(cat "$here/left" 2>/dev/null)" = 0 ]; then
        : > "$here/phones"; echo "adb: device '$serial' not found" >&2; exit 1
      fi
      [ -f "$here/left" ] && echo $(($(cat "$here/left") - 1)) > "$here/left"
      echo start >> "$here/starts" ;;
    esac
    PATH="$here/phone-bin:$PATH" sh -c "$(echo "$4" | sed "s#/data/local/tmp#$here&#g")" ;;
esac
"""

GETPROP = """\
#!/bin/sh
case $1 in
  ro.product.manufacturer) echo Google ;;
  ro.product.model) echo "Pixel 8" ;;
  ro.build.version.release) echo 15 ;;
  *) echo ;;
esac
"""

PERF_TEST = """\
#!/bin/sh
# -I -m times -r RUNS -x 1 -y 1 MODEL RESULT
runs=$5; model=${10}; result=${11}
case $model in *candidate*) seconds=0.001 ;; *) seconds=0.002 ;; esac
[ -f "$model" ] || { echo "Load model from $model failed: file doesn't exist" >&2; exit 255; }
echo "Session creation time cost: 0.0125 s"
echo "First inference time cost: 3 ms"
echo "Total inference requests: $runs"
run=0
while [ $run -lt "$runs" ]; do
  echo "paretint,$seconds,31981568,12,$run" >> "$result"
  run=$((run + 1))
done
"""


@pytest.fixture
def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PhoneDouble:
    """A double of a phone, plugged in."""
    double = PhoneDouble(tmp_path / "phone")
    monkeypatch.setenv("PATH", f"{double.folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return double


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server that speaks S3, and keeps all in this process."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a new bucket, which the processes of a test reach without being told more."""
    from s3fs import S3FileSystem

    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    S3FileSystem.clear_instance_cache()
    name = f"bucket-{uuid.uuid4().hex[:8]}"
    S3FileSystem().mkdir(name)
    yield f"s3://{name}"
    S3FileSystem.clear_instance_cache()
