"""Amplification on a Ray cluster of two machines that is running already, one with a GPU."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ray.cluster_utils import Cluster

pytestmark = pytest.mark.slow

COMMAND = Path(sys.executable).with_name("paretint")


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as base:
        (Path(base) / "ray").mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RAY_TMPDIR", base)  # where it tells the machine of itself
            cluster = Cluster(
                initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
            )
            cluster.add_node(num_cpus=1, num_gpus=2)
        yield cluster
        cluster.shutdown()


def paretint(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PARETINT_STORE": str(folder / "store")}
    return subprocess.run(
        [COMMAND, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def images(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("part-*.parquet"))]


def test_a_running_cluster_makes_the_same_images_and_goes_on(
    running: Cluster, tiny_file: Path, tmp_path: Path
) -> None:
    for name, words in (("here", []), ("there", ["--address", running.address])):
        (tmp_path / name).mkdir()
        done = paretint(
            tmp_path / name, "amplify", tiny_file, "--pairs", "2", "--count", "25", *words
        )
        assert (done.returncode, done.stderr) == (0, "")
    made = [images(tmp_path / name / "amplified" / "tiny") for name in ("here", "there")]
    assert len(made[0]) == 3
    assert made[0] == made[1]


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
