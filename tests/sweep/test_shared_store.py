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

from paretint.faces import prepare_faces
from paretint.store import Ledger, Run, Store
from paretint.sweep.candidate import amplified_pairs, speed_first
from paretint.sweep.shipping import Bench

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


def stored(url: str) -> set[str]:
    """The files in a bucket; what is made anew has another name, for each upload has a folder."""
    files = fsspec.filesystem("s3")
    files.invalidate_cache()
    return set(files.find(url))


def of_machine(folder: Path, pattern: str) -> list[str]:
    """The names in a machine's cache."""
    return [path.name for path in folder.glob(f"shared/*/{pattern}")]


def test_two_machines_sweep_and_leave_nothing_to_make_to_a_third(
    machines: Cluster,
    bucket: str,
    tiny_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["run", tiny_file, "--trials", "2", "--store", bucket, "--address", machines.address]
    head = os.environ | {"PARETINT_CACHE": str(tmp_path / "head")}
    done = subprocess.run(
        [COMMAND, *words], cwd=tmp_path, env=head, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    run = Run.open(tmp_path / "runs" / "tiny")
    trials = Ledger(run).trials()
    assert list(trials["state"]) == ["complete", "complete"]
    assert trials["cost.gpu_s"].sum() > 0
    assert "cost.gpu_share" not in trials.columns  # they are no real GPUs
    caches = [tmp_path / name for name in ("head", "second")]
    for cache in caches:
        assert of_machine(cache, "decoded/*/pairs.uint8")  # a trial was there
    drawn = [lock for cache in caches for lock in of_machine(cache, "amplified/.*-0000?.lock")]
    assert len(drawn) == len(set(drawn)) > 0  # each part on one machine, whichever came first

    made = stored(bucket)
    monkeypatch.setenv("PARETINT_CACHE", str(tmp_path / "third"))
    store = Store.at(bucket)
    faces = prepare_faces(run.experiment.faces, run.experiment.seed, store)
    bench = Bench(run.folder, store, run.experiment, faces, (), lpips=False, coreml=False)
    for point in run.experiment.search_space.first[:2]:
        recipe = run.experiment.recipe(dict(point))
        pairs, _ = amplified_pairs(bench, recipe, lambda *_: None)  # without a worker
        assert pairs is not None
        assert len(pairs) == recipe.amplified
        speed_first(bench, recipe)
    assert stored(bucket) - made == set()
