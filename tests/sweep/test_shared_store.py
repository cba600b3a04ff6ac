"""A Ray cluster of two machines that share a bucket, each with a GPU and a cache of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from ray.cluster_utils import Cluster

from paretint.store import Ledger, Run

pytestmark = pytest.mark.slow

COMMAND = Path(sys.executable).with_name("paretint")


@pytest.fixture
def machines(bucket: str, tmp_path: Path) -> Iterator[Cluster]:  # noqa: ARG001
    """Machines of one core and one GPU; `tmp_path / NAME` is where each has its cache."""

    def machine(name: str) -> dict[str, object]:
        own = {"PARETINT_CACHE": str(tmp_path / name)}
        return {"num_cpus": 1, "num_gpus": 1, "env_vars": own}

    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as base:
        (Path(base) / "ray").mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RAY_TMPDIR", base)  # where it tells the machine of itself
            head = machine("head") | {"include_dashboard": False}
            started = Cluster(initialize_head=True, head_node_args=head)
            started.add_node(**machine("second"))
        yield started
        started.shutdown()


def paretint(folder: Path, cache: str, *words: str | Path) -> str:
    """What a command says that succeeds, called on a machine with that cache."""
    environment = os.environ | {"PARETINT_CACHE": str(folder / cache)}
    done = subprocess.run(
        [COMMAND, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def stored(url: str, kind: str = "") -> set[str]:
    """The files in a bucket; each upload has a folder of its own, so the same name is the same."""
    files = fsspec.filesystem("s3")
    files.invalidate_cache()
    return set(files.find(f"{url}/{kind}"))


def images(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("**/part-*.parquet"))]


def test_both_machines_amplify_and_a_third_finds_all(
    machines: Cluster, bucket: str, tiny_file: Path, tmp_path: Path
) -> None:
    words = ["amplify", tiny_file, "--pairs", "2", "--count", "60", "--store", bucket]
    paretint(tmp_path, "head", *words, "--address", machines.address, "--out", "made")
    made = stored(bucket)
    assert len(stored(bucket, "amplified")) == 2 * 6  # the parts of ten images, and their markers
    # What was drawn on a machine has a lock there; the head's cache holds what came to it, too.
    parts = [list((tmp_path / "second").glob("shared/*/amplified/.*-0000?.lock"))]
    assert 0 < len(parts[0]) < 6
    paretint(tmp_path, "third", *words, "--out", "found")
    assert stored(bucket) == made
    assert images(tmp_path / "found") == images(tmp_path / "made") != []


def test_a_sweep_leaves_nothing_to_make_to_the_next(
    machines: Cluster, bucket: str, tiny_file: Path, tmp_path: Path
) -> None:
    words = ["run", tiny_file, "--store", bucket, "--address", machines.address]
    paretint(tmp_path, "head", *words, "--out", "first")
    made = stored(bucket)
    rows = [Ledger(Run.open(tmp_path / "first")).trials()]
    assert set(rows[0]["state"]) == {"complete", "infeasible"}
    paretint(tmp_path, "third", *words[:4], "--out", "second")
    assert stored(bucket) == made
