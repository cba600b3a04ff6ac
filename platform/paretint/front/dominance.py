"""Pareto dominance: which points no other point beats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from paretint.config import Goal

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def as_losses(values: ArrayLike, goals: Sequence[Goal]) -> Floats:
    """``values`` ([n, m] or [m]) with every objective turned so that less is better.

    Raises:
        ValueError: the last axis is not as long as ``goals``.
    """
    losses = np.asarray(values, dtype=np.float64)
    if losses.ndim == 0 or losses.shape[-1] != len(goals):
        raise ValueError(f"{len(goals)} goals for values of shape {losses.shape}")
    return losses * np.where([goal == "maximize" for goal in goals], -1.0, 1.0)


def non_dominated(values: ArrayLike, goals: Sequence[Goal]) -> Mask:
    """Which rows of ``values`` ([n, m]) no other row dominates: a mask of length n.

    A row dominates another when it is no worse in any objective and better in one, so equal
    rows of the front are all kept. A row that holds NaN is compared with nothing and is never
    of the front. Two objectives take one sort; more take time in n times the front's size.
    """
    losses = as_losses(values, goals)
    mask: Mask = np.logical_not(np.isnan(losses).any(axis=1))
    unique, inverse = np.unique(losses[mask], axis=0, return_inverse=True)
    mask[mask] = front_of_sorted(unique)[inverse.reshape(-1)]
    return mask


def front_of_sorted(losses: Floats) -> Mask:
    """The non-dominated mask of distinct ``losses`` ([n, m]) in lexicographic order.

    In that order no row dominates an earlier one.
    """
    if losses.shape[1] <= 2:
        return _new_minima(losses[:, -1])
    on_front = np.zeros(len(losses), dtype=np.bool_)
    left = np.arange(len(losses))
    while left.size:
        on_front[left[0]] = True
        left = left[(losses[left, 1:] < losses[left[0], 1:]).any(axis=1)]
    return on_front


def _new_minima(column: Floats) -> Mask:
    """Where ``column`` ([n]) falls under everything before it."""
    minima = np.ones(len(column), dtype=np.bool_)
    minima[1:] = column[1:] < np.minimum.accumulate(column)[:-1]
    return minima
