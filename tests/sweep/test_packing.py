from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import ray
from hypothesis import given
from hypothesis import strategies as st

from paretint.store import Ledger, Run
from paretint.sweep.packing import Packing, _largest, coarse, gpu_share, peak_memory

MB = 1024**2
GB = 1024**3


def asked(packing: Packing) -> dict[str, float]:
    return dict(packing({}).bundles[0])


def test_amounts_are_powers_of_two_times_a_quarter_of_a_gigabyte() -> None:
    amounts = [1, 256 * MB, 256 * MB + 1, 512 * MB, 700 * MB, GB + 1]
    assert [coarse(amount) // MB for amount in amounts] == [256, 256, 512, 512, 1024, 2048]


@given(st.integers(1, 2**45))
def test_an_amount_is_never_too_small_nor_twice_too_large(amount: int) -> None:
    assert amount <= coarse(amount) <= max(256 * MB, 2 * amount)


HOLDS = """
from paretint.sweep.packing import peak_memory
before = peak_memory()
held = bytearray(before + 64 * 2**20)
held[::4096] = bytes([1]) * len(held[::4096])  # every page, or it is not there
taken = peak_memory()
del held
print(before, taken, peak_memory())
"""


def test_the_most_that_was_resident_stays_when_it_is_freed() -> None:
    """In a process of its own: the sweeps of later tests would ask for twice as much."""
    done = subprocess.run([sys.executable, "-c", HOLDS], capture_output=True, text=True, check=True)
    before, taken, after = map(int, done.stdout.split())
    assert after == taken > before + 64 * MB


@pytest.mark.usefixtures("cluster")
def test_the_first_trials_ask_for_twice_what_the_driver_has(run: Run) -> None:
    packing = Packing(run)
    assert asked(packing) == {"CPU": 1.0, "memory": min(coarse(2 * peak_memory()), _largest())}


@pytest.mark.usefixtures("cluster")
def test_later_ones_ask_for_what_the_largest_took(run: Run, row: Any) -> None:
    packing = Packing(run)
    packing._least = 300 * MB
    assert asked(packing)["memory"] == 512 * MB
    for name, taken in (("t0100", 600 * MB), ("t0101", 900 * MB), ("t0102", 700 * MB)):
        cell = {"cost.memory_bytes": taken}
        Ledger(run).write_trial(row(name, 5, 0, 8, 33.0, 880.0, **cell))
    assert asked(packing)["memory"] == GB


@pytest.mark.usefixtures("cluster")
def test_nobody_asks_for_more_than_a_machine_has(run: Run) -> None:
    packing = Packing(run)
    packing._least = 2**50
    assert asked(packing)["memory"] == ray.cluster_resources()["memory"]


def test_a_gpu_is_shared_in_powers_of_two_of_what_a_trial_took_of_it() -> None:
    assert gpu_share(None) == 1 / 16
    assert [gpu_share(taken) for taken in (0.001, 1 / 64, 0.02, 0.12, 0.13)] == [
        1 / 64, 1 / 64, 1 / 32, 1 / 8, 1 / 4,
    ]  # fmt: skip
    assert [gpu_share(taken) for taken in (0.5, 0.51, 1.0)] == [0.5] * 3  # as the amplifier's part


@pytest.mark.usefixtures("cluster")
def test_where_there_are_gpus_trials_ask_for_a_part_of_one(
    run: Run, row: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    packing = Packing(run)
    assert "GPU" not in asked(packing)
    monkeypatch.setattr(ray, "cluster_resources", lambda: {"GPU": 2.0})
    assert asked(packing)["GPU"] == 1 / 16
    Ledger(run).write_trial(row("t0100", 5, 0, 8, 33.0, 880.0, **{"cost.gpu_share": 0.03}))
    assert asked(packing)["GPU"] == 1 / 32
