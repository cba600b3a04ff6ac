"""Pareto dominance: which points no other point beats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from paretint.config import Goal
from paretint.front.arrays import Floats, Mask, Rows, lexicographic, select, take
from paretint.front.halving import beaten_by_earlier
from paretint.front.sieve import sieve


def as_losses(values: ArrayLike, goals: Sequence[Goal]) -> Floats:
    """``values`` ([n, m] or [m]) with every objective turned so that less is better.

    Raises:
        ValueError: the last axis is not as long as ``goals``.
    """
    losses = np.array(values, dtype=np.float64, order="F")
    if losses.ndim == 0 or losses.shape[-1] != len(goals):
        raise ValueError(f"{len(goals)} goals for values of shape {losses.shape}")
    for place, goal in enumerate(goals):
        if goal == "maximize":
            losses[..., place] *= -1.0
    return losses


def non_dominated(values: ArrayLike, goals: Sequence[Goal]) -> Mask:
    """Which rows of ``values`` ([n, m]) no other row dominates: a mask of length n.

    A row dominates another when it is no worse in any objective and better in one, so equal
    rows of the front are all kept. A row that holds NaN is compared with nothing and is never
    of the front. Most rows are dropped in time n. Of the k that are left, two objectives take a
    sort, three the time k log k, more take k times the front's size.
    """
    losses = as_losses(values, goals)
    rows = np.flatnonzero(np.logical_and.reduce([column == column for column in losses.T]))
    rows = rows[sieve(select(losses, rows))]
    mask = np.zeros(len(losses), dtype=np.bool_)
    mask[rows[_front(select(losses, rows))]] = True
    return mask


def front_counts(losses: Floats) -> Rows:
    """In how many of the tables ``losses`` ([d, n, m], no NaN) each row is of the front: [n].

    Tables of two objectives without ties, of which a sort is all, are sorted together.
    """
    count, objectives = losses.shape[1:]
    if objectives != 2:
        return _counted(losses)
    order = np.argsort(losses[..., 0], axis=-1)
    first, last = (np.take_along_axis(losses[..., m], order, axis=-1) for m in range(2))
    tied = (first[:, 1:] == first[:, :-1]).any(axis=-1)
    lowest = np.minimum.accumulate(last, axis=-1)
    on_front = np.ones(last.shape, dtype=np.bool_)
    on_front[:, 1:] = last[:, 1:] < lowest[:, :-1]
    on_front[tied] = False
    found: Rows = np.bincount(order[on_front], minlength=count)
    return found + _counted(losses[tied])


def _counted(losses: Floats) -> Rows:
    """As `front_counts`, table by table."""
    counts = np.zeros(losses.shape[1], dtype=np.intp)
    for table in losses:
        counts += non_dominated(table, ["minimize"] * losses.shape[2])
    return counts


def _front(losses: Floats) -> Rows:
    """The rows of the front, every copy of equal ones."""
    order = lexicographic(losses)
    ranked = take(losses, order)
    fresh = _fresh(ranked)
    verdict = front_of_sorted(select(ranked, np.flatnonzero(fresh)))
    return order[verdict if fresh.all() else verdict[np.cumsum(fresh) - 1]]


def sorted_front(losses: Floats) -> Floats:
    """The front of ``losses`` ([n, m], no NaN) in lexicographic order, equal rows once."""
    kept = select(losses, sieve(losses))
    ranked = take(kept, lexicographic(kept))
    ranked = select(ranked, np.flatnonzero(_fresh(ranked)))
    return select(ranked, np.flatnonzero(front_of_sorted(ranked)))


def _fresh(ranked: Floats) -> Mask:
    """Which rows in lexicographic order differ from the one before."""
    fresh = np.ones(len(ranked), dtype=np.bool_)
    fresh[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in ranked.T])
    return fresh


def front_of_sorted(losses: Floats) -> Mask:
    """The non-dominated mask of distinct ``losses`` ([n, m]) in lexicographic order.

    In that order no row dominates an earlier one.
    """
    if losses.shape[1] <= 2:
        return _new_minima(losses[:, -1])
    if losses.shape[1] == 3:
        return np.logical_not(beaten_by_earlier(losses[:, 1], losses[:, 2]))
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
