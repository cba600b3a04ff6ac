"""How many trials share a machine: as many as its cores, and its memory, hold."""

from __future__ import annotations

import resource
import sys
from typing import Any

import ray
from ray.tune import PlacementGroupFactory

from paretint.store import Ledger, Run

_STEP = 256 * 1024**2
"""A trial that asks for another amount than the last has a new process, so amounts are coarse."""


class Packing:
    """What a trial asks Ray for: a core, and the most memory that any trial's process took.

    Before one has ended that is twice what the driver takes, which has the same libraries loaded
    and trains nothing: a first guess that is too low costs every process its start once more.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._least = 2 * peak_memory()

    def __call__(self, config: dict[str, Any]) -> PlacementGroupFactory:  # noqa: ARG002
        """Return the resources of the next trial, which the largest machine has at any rate."""
        asked = min(coarse(max(self._least, self._taken())), _largest())
        return PlacementGroupFactory([{"CPU": 1.0, "memory": float(asked)}])

    def _taken(self) -> int:
        """Return the most that a trial took; Tune has its copy of this, so the ledger tells."""
        trials = Ledger(self._run).trials()
        taken: Any = trials["cost.memory_bytes"].max() if "cost.memory_bytes" in trials else None
        return int(taken or 0)


def peak_memory() -> int:
    """Return the most memory that this process has had resident, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def coarse(amount: int) -> int:
    """Return the next power of two times 256 MB."""
    steps = -(-amount // _STEP)
    return int(_STEP * 2 ** (steps - 1).bit_length()) if steps > 1 else _STEP


def _largest() -> int:
    """Return the memory of the machine that has most, as Ray counts it."""
    return max(int(node["Resources"].get("memory", 0)) for node in ray.nodes() if node["Alive"])
