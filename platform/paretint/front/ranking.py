"""Who is ahead: points in several objectives in one order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from paretint.config import Goal
from paretint.front.arrays import Floats
from paretint.front.dominance import as_losses, non_dominated


def layers(values: ArrayLike, goals: Sequence[Goal]) -> NDArray[np.int64]:
    """The non-dominated rank of each row of ``values`` ([n, m], no NaN): 0 is the front.

    Rank 1 is the front of what is left without the front, and so on (Deb et al., IEEE TEVC 6(2),
    2002, §III-A).
    """
    losses = as_losses(values, goals)
    rank = np.zeros(len(losses), dtype=np.int64)
    left = np.arange(len(losses))
    while left.size:
        ahead = non_dominated(losses[left], ["minimize"] * len(goals))
        left = left[~ahead]
        rank[left] += 1
    return rank


def crowding(losses: Floats) -> Floats:
    """How far each row of a front ([n, m]) stands from its neighbours; the ends infinitely far.

    In parts of the front's own width in each objective (Deb et al., 2002, §III-B).
    """
    distance = np.zeros(len(losses))
    for column in losses.T:
        order = np.argsort(column, kind="stable")
        ordered = column[order]
        width = ordered[-1] - ordered[0]
        distance[order[[0, -1]]] = np.inf
        if width > 0:
            distance[order[1:-1]] += (ordered[2:] - ordered[:-2]) / width
    return distance


def places(values: ArrayLike, goals: Sequence[Goal]) -> NDArray[np.int64]:
    """The place of each row of ``values`` ([n, m], no NaN): 0 is the best.

    By non-dominated rank; within one, those with more room around them are ahead; then the
    earlier row.
    """
    losses = as_losses(values, goals)
    rank = layers(values, goals)
    room = np.zeros(len(losses))
    for layer in np.unique(rank):
        rows = np.flatnonzero(rank == layer)
        room[rows] = crowding(losses[rows])
    order = np.lexsort((-room, rank))
    place = np.empty(len(losses), dtype=np.int64)
    place[order] = np.arange(len(losses))
    return place
