"""Our fronts and hypervolumes beside the peers', on the same points in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from math import inf
from typing import Any

import numpy as np
from fronts.clouds import Cloud
from fronts.peers import Peer

from paretint.front import hypervolume, non_dominated

FAR_BEHIND = 10
REFERENCE = 1.1

Works = dict[str, Callable[[], float]]


def front_seconds(cloud: Cloud, peers: Sequence[Peer], rounds: int) -> dict[str, Any]:
    """Return the least seconds by library, the front's size, and the ratio to the best peer."""
    points, goals = cloud.points, _goals(cloud)
    size = int(non_dominated(points, goals).sum())
    works: Works = {"paretint": lambda: int(non_dominated(points, goals).sum())}
    for peer in peers:
        if size <= peer.most:
            works[peer.name] = lambda peer=peer: peer.front(points)
    return {"front": size, **_compared(works, rounds)}


def volume_seconds(cloud: Cloud, peers: Sequence[Peer], rounds: int) -> dict[str, Any]:
    """Return the least seconds by library, and the ratio to the best peer."""
    points, goals = cloud.points, _goals(cloud)
    reference = np.full(points.shape[1], REFERENCE)
    size = int(non_dominated(points, goals).sum())
    works: Works = {"paretint": lambda: hypervolume(points, reference, goals)}
    for peer in peers:
        if size <= peer.most:
            works[peer.name] = lambda peer=peer: peer.volume(points, reference)
    return _compared(works, rounds)


def _goals(cloud: Cloud) -> list[Any]:
    return ["minimize"] * cloud.points.shape[1]


def _compared(works: Works, rounds: int) -> dict[str, Any]:
    """Time every library in turn, round by round; a peer far behind another no more than needed."""
    least: dict[str, float] = {}
    results: dict[str, float] = {}
    for _ in range(rounds):
        for name, work in works.items():
            if least.get(name, 0.0) <= FAR_BEHIND * _best(least):
                start = time.perf_counter()
                results[name] = work()
                taken = time.perf_counter() - start
                least[name] = min(least.get(name, taken), taken)
    for name, result in results.items():
        assert np.isclose(result, results["paretint"], rtol=1e-9), f"{name}: {results}"
    told: dict[str, Any] = {name: round(seconds, 4) for name, seconds in least.items()}
    ours = least.pop("paretint")
    if least:  # of a front of all points, only peers that may not be installed come to an end
        best = min(least, key=lambda name: least[name])
        told |= {"best_peer": best, "over_best_peer": round(least[best] / ours, 2)}
    return told


def _best(least: dict[str, float]) -> float:
    """The least seconds of a peer, once there are any."""
    return min((seconds for name, seconds in least.items() if name != "paretint"), default=inf)
