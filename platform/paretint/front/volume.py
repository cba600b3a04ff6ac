"""Hypervolume: how much of the objective space a set of points dominates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from paretint.config import Goal
from paretint.front.dominance import Floats, as_losses, front_of_sorted


def hypervolume(values: ArrayLike, reference: ArrayLike, goals: Sequence[Goal]) -> float:
    """The volume that ``values`` ([n, m]) dominate and that beats ``reference`` ([m]).

    Its unit is the product of the objectives' units. It is exact for any m: the points are
    swept along the last objective, and each slab's cross-section is a hypervolume of one
    objective less (hypervolume by slicing objectives: While et al., IEEE TEVC 10(1), 2006).
    Rows that are not finite or not better than the reference everywhere add nothing.

    Raises:
        ValueError: shapes that do not agree, or a reference that is not finite.
    """
    losses, worst = as_losses(values, goals), as_losses(reference, goals)
    if worst.ndim != 1 or not np.isfinite(worst).all():
        raise ValueError(f"a reference point is {len(goals)} finite numbers, not {reference!r}")
    better = np.isfinite(losses).all(axis=1) & (losses < worst).all(axis=1)
    return _volume(losses[better] - worst)


def _volume(losses: Floats) -> float:
    """The volume between ``losses`` ([n, m], all negative) and the origin."""
    points = np.unique(losses, axis=0)
    points = points[front_of_sorted(points)]
    if points.shape[1] == 1 or not points.size:
        return float(abs(points.sum()))
    if points.shape[1] == 2:
        return _area(points)
    points = points[np.argsort(points[:, -1], kind="stable")]
    heights = np.diff(points[:, -1], append=0.0)
    slabs = (height * _volume(points[: i + 1, :-1]) for i, height in enumerate(heights) if height)
    return float(sum(slabs))


def _area(points: Floats) -> float:
    """The area between a sorted front ([n, 2], all negative) and the origin."""
    heights = np.diff(points[:, 1], prepend=0.0)
    return float(points[:, 0] @ heights)
