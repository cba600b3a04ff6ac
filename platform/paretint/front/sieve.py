"""Dropping most dominated points in linear time, before any are compared exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paretint.front.arrays import Floats, Rows

_CELLS = 1 << 16
_ROWS_A_CELL = 4
_FEW = 256
_SAMPLE = 1000


def sieve(losses: Floats) -> Rows:
    """The rows of ``losses`` ([n, m], no NaN, less is better) that may be of the front.

    A row that is dropped is dominated; one that is kept may be too. The space of all objectives
    but the last is cut into cells. A cell's rows are beaten by every row that lies in a lower
    cell along each of these axes and is no worse in the last objective.
    """
    count, objectives = losses.shape
    if count < _FEW or objectives < 2:
        return np.arange(count)
    axes = objectives - 1
    side = int(min(count // _ROWS_A_CELL, _CELLS) ** (1 / axes))
    cells = np.zeros(count, dtype=np.int32)
    for column in losses.T[:-1]:
        cells = cells * np.int32(side) + _cells(column, side)
    least = np.full(side**axes, np.inf)
    np.minimum.at(least, cells, losses[:, -1])
    below = _below(least.reshape((side,) * axes)).ravel().take(cells)
    return np.flatnonzero((losses[:, -1] < below) | (below == np.inf))


def _cells(column: Floats, side: int) -> NDArray[np.int32]:
    """The number, 0 to ``side`` - 1, of each value's cell; a lower cell holds lower values only.

    A few very bad values share the last cell, or they would leave one to all the others.
    """
    low, high = np.quantile(column[:: -(-len(column) // _SAMPLE)], [0.0, 0.9], method="nearest")
    with np.errstate(all="ignore"):
        scale = side / (high - low)
        if not (np.isfinite(scale) and scale > 0):
            return np.zeros(len(column), dtype=np.int32)
        cells: NDArray[np.int32] = ((column - low) * scale).clip(0, side - 1).astype(np.int32)
    return cells


def _below(least: Floats) -> Floats:
    """For each cell, the least value of all cells that are lower along every axis."""
    for axis in range(least.ndim):
        least = np.minimum.accumulate(least, axis=axis)
    below = np.full_like(least, np.inf)
    below[(slice(1, None),) * least.ndim] = least[(slice(None, -1),) * least.ndim]
    return below
