"""Whole sweeps that something befalls: each ends as if nothing had."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import optuna
import psutil
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from ray.cluster_utils import Cluster
from rich.console import Console

from paretint.errors import DiskFullError
from paretint.front import front
from paretint.store import Ledger, Run, Store
from paretint.sweep.engine import prepare, run_sweep

# Drivers start one after the other, each with all libraries in its own process.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

RAYS_OWN = re.compile(r"^(\(.*?\) )?\[\d{4}-\d\d-\d\d [^\]]* [EW] \d+ \d+\] .*\n", re.MULTILINE)

Row = dict[str, Any]
Sweep = Callable[..., Run]
TitleOf = Callable[[psutil.Process], str]
Recipe = tuple[int, int, int]
COMMAND = Path(sys.executable).with_name("paretint")
POINTS: list[Recipe] = [(3, 15, 4), (3, 5, 4), (1, 15, 48), (2, 0, 8), (2, 15, 4), (1, 5, 8)]
NAMES = ("pairs", "amplified", "width")
CHANGES = [
    "student.steps=100",
    "student.rungs=[2, 100]",
    "amplifier.part=1",
    "amplifier.fine_tune_steps=4",
    f"search_space.first={json.dumps([dict(zip(NAMES, point, strict=True)) for point in POINTS])}",
    f"budget.trials={len(POINTS)}",
]
PARAMETERS = {
    "pairs": {"choices": [1, 2, 3]},
    "amplified": {"choices": [0, 5, 15]},
    "width": {"choices": [4, 8, 48]},
}
KILLS = 10


@pytest.fixture(scope="module")
def undisturbed(sweep: Sweep, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing befell; its store lies beside it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return sweep(folder / "run", Store(folder / "store"), *CHANGES)


@pytest.fixture
def store(undisturbed: Run, tmp_path: Path) -> Store:
    """The undisturbed run's store, without what its workers made: the same speeds, all to do."""
    made = shutil.ignore_patterns("amplifier", "amplified")
    shutil.copytree(undisturbed.folder.parent / "store", tmp_path / "store", ignore=made)
    return Store(tmp_path / "store")


@pytest.fixture(scope="module")
def machines() -> Iterator[Cluster]:
    """A cluster of two machines of one core each."""
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as base:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RAY_TMPDIR", base)
            head = {"num_cpus": 1, "include_dashboard": False}
            started = Cluster(initialize_head=True, head_node_args=head)
            started.add_node(num_cpus=1)
        yield started
        started.shutdown()


def recipe_of(row: Row) -> Recipe:
    pairs, amplified, width = (row[f"param.{name}"] for name in NAMES)
    return pairs, amplified, width


def assert_same_scores(rows: dict[Recipe, Row], undisturbed: Run) -> None:
    """What befell a sweep changes nothing of what its recipes come to."""
    expected = Ledger(undisturbed).trials().to_dicts()
    assert rows.keys() == {recipe_of(row) for row in expected}
    for row in expected:
        found = rows[recipe_of(row)]
        same = ("state", "reason", "size.params", "speed.fps", "seed")
        assert [found[name] for name in same] == [row[name] for name in same]
        assert found["quality.psnr"] == pytest.approx(row["quality.psnr"], abs=1e-3)


def assert_as_if_nothing_had_been(run: Run, undisturbed: Run) -> None:
    """Every trial is told once, and the front is the undisturbed one."""
    rows = Ledger(run).trials().to_dicts()
    by_recipe = {recipe_of(row): row for row in rows}
    assert len(rows) == len(by_recipe)
    assert_same_scores(by_recipe, undisturbed)
    objectives = run.experiment.objectives
    fronts = [front(Ledger(each).trials(), objectives).to_dicts() for each in (run, undisturbed)]
    assert [recipe_of(row) for row in fronts[0]] == [recipe_of(row) for row in fronts[1]]

    storage = JournalStorage(JournalFileBackend(str(run.journal)))
    trials = optuna.load_study(study_name=run.experiment.name, storage=storage).trials
    told = {f"t{t.number:04d}": t.values for t in trials if t.state.name == "COMPLETE"}
    assert sorted(told) == sorted(row["trial"] for row in rows)
    for row in rows:
        if row["state"] == "complete":
            assert told[row["trial"]] == [row["quality.psnr"], row["speed.fps"]]
    assert {trial.state.name for trial in trials} <= {"COMPLETE", "FAIL"}
    assert sorted(path.name for path in (run.folder / "models").iterdir()) == sorted(
        row["trial"] for row in rows if row["state"] == "complete"
    )


def drive(folder: Path, store: Store, tiny_file: Path, address: str) -> subprocess.Popen[bytes]:
    """Start the run of a folder, or go on with it."""
    run = folder / "run"
    words = ["resume", str(run)]
    if not (run / "experiment.yaml").exists():
        words = ["run", str(tiny_file), "--out", str(run)]
        words += [word for change in CHANGES for word in ("--set", change)]
    return subprocess.Popen(
        [COMMAND, *words, "--store", str(store), "--address", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def words_of(driver: subprocess.Popen[bytes]) -> str:
    """What a driver said of its own on stderr until its end: Ray logs what dies around it."""
    _, said = driver.communicate()
    return RAYS_OWN.sub("", said.decode())


def finish(driver: subprocess.Popen[bytes]) -> None:
    said = words_of(driver)
    assert (driver.returncode, said) == (0, "")


def test_amplifiers_that_are_killed_at_their_work(
    sweep: Sweep, undisturbed: Run, store: Store, tmp_path: Path, title_of: TitleOf
) -> None:
    parts: list[int] = []

    def kill_all() -> None:
        """Kill the amplifiers' processes once the first image is made."""
        while not [*store.root.glob("amplified/*/part-*.parquet")]:
            time.sleep(0.001)
        for process in psutil.Process().children(recursive=True):
            if "AmplifierWorker" in title_of(process):
                process.kill()
        parts.append(len([*store.root.glob("amplified/*/part-*.parquet")]))

    killer = threading.Thread(target=kill_all, daemon=True)
    killer.start()
    run = sweep(tmp_path / "run", store, *CHANGES)
    killer.join()
    assert parts[0] < 15
    assert_as_if_nothing_had_been(run, undisturbed)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, with room for a run."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("needs the right to mount a file system: run it as root on Linux")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_disk_that_fills_up_while_the_ledger_is_written(
    sweep: Sweep, undisturbed: Run, store: Store, small_disk: Path
) -> None:
    filler, folder = small_disk / "filler", small_disk / "run"

    def fill() -> None:
        """Fill the disk once a trial is in the ledger."""
        while not (folder / "trials.parquet").exists():
            time.sleep(0.01)
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(1 << 16)):
                pass
        with suppress(OSError), filler.open("ab", buffering=0) as file:
            while file.write(b"0"):
                pass

    filling = threading.Thread(target=fill, daemon=True)
    filling.start()
    with pytest.raises(DiskFullError) as raised:
        sweep(folder, store, *CHANGES)
    filling.join()
    assert f"go on with: paretint resume {folder}" in str(raised.value)
    before = Ledger(Run.open(folder)).trials()
    assert 1 <= before.height < len(POINTS)
    assert "failed" not in before["state"], before["reason"].to_list()

    filler.unlink()
    run = resume(folder, store)
    assert Ledger(run).trials()[: before.height]["trial"].equals(before["trial"])
    assert_as_if_nothing_had_been(run, undisturbed)


def resume(folder: Path, store: Store) -> Run:
    """Go on with a run in this process."""
    run, console = Run.open(folder), Console(file=StringIO())
    run_sweep(run, prepare(run.experiment, store, console), store, console)
    return run


def test_a_loss_that_is_no_number_fails_its_trial_alone(
    sweep: Sweep, undisturbed: Run, store: Store, tmp_path: Path
) -> None:
    rate = "amplifier.learning_rate"
    mad = [dict(zip(NAMES, POINTS[0], strict=True)) | {rate: 1}]
    calm = [dict(zip(NAMES, point, strict=True)) | {rate: 1e-4} for point in POINTS]
    run = sweep(
        tmp_path / "run",
        store,
        *CHANGES,
        f"search_space.first={json.dumps(mad + calm)}",
        f"search_space.parameters={json.dumps(PARAMETERS | {rate: {'choices': [1e-4, 1]}})}",
        f"budget.trials={len(POINTS) + 1}",
    )
    rows = Ledger(run).trials().to_dicts()
    (failed,) = (row for row in rows if row["state"] == "failed")
    assert failed["trial"] == "t0000"
    assert failed["reason"].startswith("FloatingPointError: the amplifier's loss is nan at step ")
    assert len(rows) == len(POINTS) + 1
    assert_same_scores({recipe_of(row): row for row in rows if row is not failed}, undisturbed)


def test_two_runs_in_one_store_at_once(
    machines: Cluster, undisturbed: Run, store: Store, tiny_file: Path, tmp_path: Path
) -> None:
    drivers = [
        drive(tmp_path / name, store, tiny_file, machines.address) for name in ("one", "two")
    ]
    for driver in drivers:
        finish(driver)
    for name in ("one", "two"):
        assert_as_if_nothing_had_been(Run.open(tmp_path / name / "run"), undisturbed)


def test_a_driver_that_is_killed_again_and_again(
    machines: Cluster, undisturbed: Run, store: Store, tiny_file: Path, tmp_path: Path
) -> None:
    start = time.monotonic()
    driver = drive(tmp_path / "whole", store, tiny_file, machines.address)
    finish(driver)
    usual = time.monotonic() - start
    shutil.rmtree(store.root)
    made = shutil.ignore_patterns("amplifier", "amplified")
    shutil.copytree(undisturbed.folder.parent / "store", store.root, ignore=made)

    chance = random.Random(0)
    for _ in range(KILLS):
        driver = drive(tmp_path, store, tiny_file, machines.address)
        time.sleep(chance.uniform(0.3, 1.0) * usual)
        driver.kill()
        said = words_of(driver)
        assert (driver.returncode in (0, -signal.SIGKILL), said) == (True, "")
    finish(drive(tmp_path, store, tiny_file, machines.address))
    assert_as_if_nothing_had_been(Run.open(tmp_path / "run"), undisturbed)


def test_a_machine_that_leaves_the_cluster(
    machines: Cluster,
    undisturbed: Run,
    store: Store,
    tiny_file: Path,
    tmp_path: Path,
    title_of: TitleOf,
) -> None:
    (second,) = machines.worker_nodes
    raylet = psutil.Process(second.all_processes["raylet"][0].process.pid)
    driver = drive(tmp_path, store, tiny_file, machines.address)
    while not any(".train" in title_of(process) for process in raylet.children()):
        assert driver.poll() is None
        time.sleep(0.01)
    machines.remove_node(second, allow_graceful=False)
    finish(driver)
    run = Run.open(tmp_path / "run")
    assert_as_if_nothing_had_been(run, undisturbed)
    assert [event["event"] for event in run.events()].count("death") >= 1
