"""Hypervolume: how much of the objective space a set of points dominates."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from paretint.config import Goal
from paretint.front.arrays import Floats, select
from paretint.front.dominance import as_losses, sorted_front


def hypervolume(values: ArrayLike, reference: ArrayLike, goals: Sequence[Goal]) -> float:
    """The volume that ``values`` ([n, m]) dominate and that beats ``reference`` ([m]).

    Its unit is the product of the objectives' units. It is exact for any m. Of a front of k
    points, two objectives take time k after a sort; three are swept along the first while a
    staircase of the other two grows (Fonseca et al., CEC 2006), in time k log k; from four on,
    a point's part is its box less what earlier points dominate of it (While et al., IEEE TEVC
    16(1), 2012), in time k² log k for four. Rows that are not finite or not better than the
    reference everywhere add nothing.

    Raises:
        ValueError: shapes that do not agree, or a reference that is not finite.
    """
    losses, worst = as_losses(values, goals), as_losses(reference, goals)
    if worst.ndim != 1 or not np.isfinite(worst).all():
        raise ValueError(f"a reference point is {len(goals)} finite numbers, not {reference!r}")
    return volume_within(losses, worst)


def volume_within(losses: Floats, worst: Floats) -> float:
    """As `hypervolume`, of losses ([n, m]) up to the ``worst`` that count ([m])."""
    better = [(-inf < column) & (column < end) for column, end in zip(losses.T, worst, strict=True)]
    counted = select(losses, np.flatnonzero(np.logical_and.reduce(better)))
    return _volume(sorted_front(counted) - worst)


def hypervolumes(values: Floats, reference: ArrayLike, goals: Sequence[Goal]) -> Floats:
    """The `hypervolume` of each of many sets of as many points: [d] of finite [d, n, m].

    Two objectives are measured all at once.
    """
    if len(goals) != 2:
        return np.array([hypervolume(points, reference, goals) for points in values])
    across, up = np.minimum(as_losses(values, goals) - as_losses(reference, goals), 0.0).T
    order = across.argsort(axis=0)
    steps = np.diff(np.take_along_axis(across, order, axis=0), axis=0, append=0.0)
    heights = -np.minimum.accumulate(np.take_along_axis(up, order, axis=0), axis=0)
    areas: Floats = (steps * heights).sum(axis=0)
    return areas


def _volume(points: Floats) -> float:
    """The volume between a sorted front ([n, m], none positive) and the origin."""
    if not points.size:
        return 0.0
    if points.shape[1] == 1:
        return float(-points[0, 0])
    if points.shape[1] == 2:
        return _area(points)
    if points.shape[1] == 3:
        return _swept(points)
    return float(sum(_own_part(points, i) * -points[i, 0] for i in range(len(points))))


def _area(points: Floats) -> float:
    """The area between a sorted front ([n, 2]) and the origin."""
    heights = np.diff(points[:, 1], prepend=0.0)
    return float(points[:, 0] @ heights)


def _swept(points: Floats) -> float:
    """The volume between a sorted front ([n, 3]) and the origin."""
    volume = 0.0
    for depth, area in zip(points[:, 0].tolist(), areas_added(points[:, 1:]), strict=True):
        volume -= area * depth
    return volume


def areas_added(points: Floats) -> Iterator[float]:
    """The area that each of ``points`` ([n, 2], none positive) adds to what earlier ones dominate.

    The area is that between the points and the origin.
    """
    # The staircase of the points passed by, going down, between two posts.
    across, up = [-inf, 0.0], [0.0, -inf]
    for x, y in points.tolist():
        start = stop = bisect_left(across, x)
        if y >= up[start - 1]:
            yield 0.0
            continue
        added = (across[start] - x) * (up[start - 1] - y)
        while up[stop] >= y:
            added += (across[stop + 1] - across[stop]) * (up[stop] - y)
            stop += 1
        across[start:stop], up[start:stop] = [x], [y]
        yield added


def _own_part(points: Floats, i: int) -> float:
    """What point ``i`` of a sorted front dominates in all objectives but the first, and no
    earlier point does."""
    own = points[i, 1:]
    shared = sorted_front(np.maximum(points[:i, 1:], own))
    return float(np.prod(-own)) - _volume(shared)
