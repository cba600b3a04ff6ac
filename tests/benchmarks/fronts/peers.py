"""What other libraries take for the same work; one that is not installed is left out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Peer(NamedTuple):
    """A library's front and hypervolume of points [n, m], less being better.

    front: how many points are of it; most: how large a front may be for its time and memory.
    """

    name: str
    front: Callable[[Floats], int]
    volume: Callable[[Floats, Floats], float]
    most: int


def peers() -> list[Peer]:
    """Return those that are installed: Optuna is; pymoo and botorch where they were added."""
    makers = {"optuna": _optuna, "pymoo": _pymoo, "botorch": _botorch}
    return [make() for name, make in makers.items() if find_spec(name)]


def absent() -> list[str]:
    """Return the names of the peers that are not installed."""
    return [name for name in ("pymoo", "botorch") if not find_spec(name)]


def _optuna() -> Peer:
    is_front = import_module("optuna.study._multi_objective")._is_pareto_front
    volume = import_module("optuna._hypervolume.wfg").compute_hypervolume
    return Peer(
        "optuna",
        lambda points: int(is_front(points, assume_unique_lexsorted=False).sum()),
        lambda points, reference: float(volume(points, reference)),
        most=10_000,
    )


def _pymoo() -> Peer:
    """Return pymoo, which since 0.6.2 hands both to moocore, a library in C."""
    find = import_module("pymoo.util.nds.non_dominated_sorting").find_non_dominated
    indicator = import_module("pymoo.indicators.hv").HV
    return Peer(
        "pymoo",
        lambda points: len(find(points)),
        lambda points, reference: float(indicator(ref_point=reference)(points)),
        most=10**9,
    )


def _botorch() -> Peer:
    torch = import_module("torch")
    is_front = import_module("botorch.utils.multi_objective.pareto").is_non_dominated
    indicator = import_module("botorch.utils.multi_objective.hypervolume").Hypervolume

    def front(points: Floats) -> int:
        return int(is_front(torch.from_numpy(-points)).sum())

    def volume(points: Floats, reference: Floats) -> float:
        values = torch.from_numpy(-points)
        best = values[is_front(values)]
        return float(indicator(torch.from_numpy(-reference)).compute(best))

    return Peer("botorch", front, volume, most=1_000)
