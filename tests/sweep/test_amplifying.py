"""Amplification on a Ray cluster of two machines that is running already, one with a GPU."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ray.cluster_utils import Cluster

pytestmark = pytest.mark.slow

COMMAND = Path(sys.executable).with_name("paretint")


@contextmanager
def cluster(**second: int) -> Iterator[Cluster]:
    """Two machines of one core each, which the second may have GPUs beside."""
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as base:
        (Path(base) / "ray").mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RAY_TMPDIR", base)  # where it tells the machine of itself
            started = Cluster(
                initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
            )
            started.add_node(num_cpus=1, **second)
        yield started
        started.shutdown()


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with cluster(num_gpus=2) as started:
        yield started


def paretint(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    environment = os.environ | {"PARETINT_STORE": str(folder / "store")}
    return subprocess.run(
        [COMMAND, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def images(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("part-*.parquet"))]


def test_a_running_cluster_makes_the_same_images_and_goes_on(
    running: Cluster, tiny_file: Path, tmp_path: Path
) -> None:
    there = ["--address", running.address, "--workers", "3"]  # three to two GPUs
    for name, words in (("here", []), ("there", there)):
        done = paretint(
            tmp_path / name, "amplify", tiny_file, "--pairs", "2", "--count", "25", *words
        )
        assert (done.returncode, done.stderr) == (0, "")
    made = [images(tmp_path / name / "amplified" / "tiny") for name in ("here", "there")]
    assert len(made[0]) == 3
    assert made[0] == made[1]


def test_a_machine_that_dies_loses_no_finished_part(tiny_file: Path, tmp_path: Path) -> None:
    words = [tiny_file, "--pairs", "2", "--count", "400"]
    assert paretint(tmp_path / "whole", "amplify", *words).returncode == 0
    undisturbed = images(tmp_path / "whole" / "amplified" / "tiny")
    store = tmp_path / "dying" / "store"
    store.mkdir(parents=True)
    with cluster() as dying:
        (second,) = dying.worker_nodes
        process = subprocess.Popen(
            [COMMAND, "amplify", *words, "--address", dying.address, "--store", store],
            cwd=store.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        while not (made := finished(store)):
            assert process.poll() is None
            time.sleep(0.01)
        dying.remove_node(second, allow_graceful=False)
        output, _ = process.communicate(timeout=200)
    assert process.returncode == 0, output
    assert images(store.parent / "amplified" / "tiny") == undisturbed
    assert made.items() <= finished(store).items()


def finished(store: Path) -> dict[str, int]:
    """The parts in a store, each with when it was written."""
    return {path.name: path.stat().st_mtime_ns for path in store.glob("amplified/*/part-*")}


def test_a_sweep_runs_on_a_running_cluster(
    running: Cluster, tiny_file: Path, tmp_path: Path
) -> None:
    words = ["--trials", "2", "--address", running.address]
    done = paretint(tmp_path, "run", tiny_file, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 trials in runs/tiny" in done.stdout
    more = ["--trials", "3", "--address", running.address]
    done = paretint(tmp_path, "resume", "runs/tiny", *more)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 trials in runs/tiny" in done.stdout
