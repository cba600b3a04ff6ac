from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import ray
import yaml
from ray.autoscaler._private.util import prepare_config, validate_config

from paretint import UserError
from paretint.store import Shared, Store
from paretint.sweep.cluster import _unreached, check_address, connected_ray, usable_cores

CLUSTER = Path(__file__).parents[2] / "experiments" / "cluster.yaml"

RAY = """
from pathlib import Path
import ray
from paretint.sweep.cluster import connected_ray
with connected_ray() as cores:
    inside = ray.get(ray.remote(lambda: "task").remote())
    folder = Path(ray.nodes()[0]["ObjectStoreSocketName"]).parents[2]
    print(cores, inside, folder.parent, folder.exists())
print(ray.is_initialized(), folder.exists())
"""


def test_ray_starts_below_a_folder_whose_name_is_too_long_for_a_socket(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    environment = {**os.environ, "TMPDIR": str(long)}
    done = subprocess.run(
        [sys.executable, "-c", RAY], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{usable_cores()} task /tmp True\nFalse False\n", done.stderr
    assert done.stderr == ""
    assert list(long.iterdir()) == []


@pytest.mark.usefixtures("cluster")
def test_a_cluster_that_is_connected_is_used_and_left_running() -> None:
    with connected_ray() as cores:
        assert cores == 2
    assert ray.is_initialized()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:1", r"nothing answers there \(.*refused\); start a cluster with"),
        ("no.such.host.invalid:6379", "nothing answers there"),
        ("127.0.0.1:99999", "nothing answers there"),
        ("localhost", "give HOST:PORT of the head node, or auto"),
        ("ray://localhost:10001", "give HOST:PORT of the head node, or auto"),
        ("localhost:", "give HOST:PORT of the head node, or auto"),
    ],
)
def test_an_address_where_no_cluster_is_is_told_in_one_line(address: str, said: str) -> None:
    with pytest.raises(UserError, match=f"^--address {address}: {said}") as raised:
        check_address(address)
    assert "\n" not in str(raised.value)


def test_no_address_and_auto_need_no_asking() -> None:
    check_address(None)
    check_address("auto")


def test_a_machine_says_what_it_does_not_reach(tmp_path: Path) -> None:
    here, gone = Store(tmp_path), Store(tmp_path / "gone")
    assert _unreached("box", None, []) is None
    assert _unreached("box", here, [str(tmp_path)]) is None
    assert _unreached("box", here, [f"{tmp_path}/run"]) == (
        f"{tmp_path}/run: box does not see it; with --address give folders that all machines share"
    )
    assert str(_unreached("box", gone, [])).startswith(f"{gone}: box does not see it")
    shared = Store(tmp_path / "gone", Shared("memory://team"))  # its cache is made when needed
    assert _unreached("box", shared, []) is None
    nowhere = Store(tmp_path, Shared("abfs://team/artifacts"))
    assert _unreached("box", nowhere, []) == (
        "abfs://team/artifacts: cannot be reached: pip install adlfs, says box"
    )


def test_the_cluster_of_the_experiments_folder_is_one_for_rays_launcher() -> None:
    told = prepare_config(yaml.safe_load(CLUSTER.read_text()))
    validate_config(told)
    machines = told["available_node_types"]
    assert (told["max_workers"], machines["worker"]["min_workers"]) == (1, 1)
    assert "ray start --head --port=6379" in " ".join(told["head_start_ray_commands"])
