"""How many trials share a machine: as many as its cores, its memory and its GPUs hold."""

from __future__ import annotations

import math
import resource
import sys
from typing import Any

import polars as pl
import ray
from ray.tune import PlacementGroupFactory

from paretint.store import Ledger, Run

_STEP = 256 * 1024**2
"""A trial that asks for another amount than the last has a new process, so amounts are coarse."""

AMPLIFIERS_SHARE = 0.5
"""Of each GPU, while trials share it; they have the rest."""

_FIRST_SHARE, _LEAST_SHARE = 1 / 16, 1 / 64
"""Of a GPU, for a trial: before one has ended, and at least."""


class Packing:
    """What a trial asks Ray for: a core, and the most memory that any trial's process took.

    Before one has ended that is twice what the driver takes, which has the same libraries loaded
    and trains nothing: a first guess that is too low costs every process its start once more.
    Where there are GPUs, it asks for the most of one that any trial took, too.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._least = 2 * peak_memory()

    def __call__(self, config: dict[str, Any]) -> PlacementGroupFactory:  # noqa: ARG002
        """Return the resources of the next trial, which the largest machine has at any rate."""
        trials = Ledger(self._run).trials()  # Tune has its copy of this, so the ledger tells
        taken = int(_most(trials, "cost.memory_bytes") or 0)
        asked = min(coarse(max(self._least, taken)), _largest())
        bundle = {"CPU": 1.0, "memory": float(asked)}
        if ray.cluster_resources().get("GPU", 0.0) > 0:
            bundle["GPU"] = gpu_share(_most(trials, "cost.gpu_share"))
        return PlacementGroupFactory([bundle])


def peak_memory() -> int:
    """Return the most memory that this process has had resident, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def coarse(amount: int) -> int:
    """Return the next power of two times 256 MB."""
    steps = -(-amount // _STEP)
    return int(_STEP * 2 ** (steps - 1).bit_length()) if steps > 1 else _STEP


def gpu_share(taken: float | None) -> float:
    """Return the part of a GPU, a power of two, for trials of which one took `taken`, 0..1."""
    if taken is None:
        return _FIRST_SHARE
    share = 2.0 ** math.ceil(math.log2(max(taken, _LEAST_SHARE)))
    return min(share, 1 - AMPLIFIERS_SHARE)


def _most(trials: pl.DataFrame, column: str) -> float | None:
    """Return the most that a trial took; None where no trial tells."""
    most: Any = trials[column].max() if column in trials else None
    return None if most is None else float(most)


def _largest() -> int:
    """Return the memory of the machine that has most, as Ray counts it."""
    return max(int(node["Resources"].get("memory", 0)) for node in ray.nodes() if node["Alive"])
