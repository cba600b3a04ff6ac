"""Dominance in two objectives among rows that have an order: divide and conquer, all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paretint.front.arrays import Floats, Mask, lexicographic, ranks

Ints = NDArray[np.int32]

_LAST = 32


class _Level(NamedTuple):
    """Blocks of consecutive rows, each going up in the first column, equal ones as they come.

    rows: their numbers, block by block; heights: their ranks in the second column.
    """

    rows: Ints
    heights: Ints


def beaten_by_earlier(first: Floats, second: Floats) -> Mask:
    """Which of n rows have an earlier one that is no worse (no larger) in both columns ([n]).

    With rows sorted by a third objective this is dominance in three (Kung et al., JACM 22(4),
    1975). The rows are halved over and over; at each level every late half is held against its
    early half, all blocks in one pass: going up in the first column, a late row is beaten where
    an early row passed by was no worse in the second. Time n log n.
    """
    count = len(first)
    size = _LAST
    while size < count:
        size *= 2
    # Rows that fill up the last block come after all others, and so beat none.
    fill = np.arange(count, size, dtype=np.int32)
    heights = np.concatenate([ranks(second), fill])
    rows = np.concatenate([lexicographic(first[:, None]).astype(np.int32), fill])
    level = _Level(rows, heights.take(rows))
    beaten = np.zeros(size, dtype=np.bool_)
    half = size // 2
    while half >= _LAST:
        level = _hold_halves(level, half, beaten)
        half //= 2
    values = np.concatenate([first, np.full(len(fill), np.inf)])
    beaten |= _beaten_in_blocks(values.reshape(-1, _LAST), heights.reshape(-1, _LAST))
    return beaten[:count]


def _hold_halves(level: _Level, half: int, beaten: Mask) -> _Level:
    """Mark in ``beaten`` the late rows of each block, of 2 × ``half``, that its early ones beat.

    Returns the level of the halves.
    """
    bits = level.rows & np.int32(half)
    early, late = np.flatnonzero(bits == 0), np.flatnonzero(bits)
    # A late row lies above all early ones: heights are less than the number of rows.
    lifted = level.heights | bits * np.int32(len(beaten) // half)
    least = np.minimum.accumulate(lifted.reshape(-1, 2 * half), axis=1).ravel()
    rows, heights = level.rows.take(late), level.heights.take(late)
    beaten[rows.take(np.flatnonzero(heights >= least.take(late)))] = True
    return _Level(
        _side_by_side(level.rows.take(early), rows, half),
        _side_by_side(level.heights.take(early), heights, half),
    )


def _side_by_side(early: Ints, late: Ints, half: int) -> Ints:
    return np.concatenate([early.reshape(-1, half), late.reshape(-1, half)], axis=1).ravel()


def _beaten_in_blocks(first: Floats, second: Ints) -> Mask:
    """As `beaten_by_earlier` within each block (a row of [blocks, k]), by comparing every pair."""
    # A block's row in a column: numpy is fast along the axis that is long.
    first, second = np.ascontiguousarray(first.T), np.ascontiguousarray(second.T)
    beaten = np.zeros(second.shape, dtype=np.bool_)
    for apart in range(1, len(second)):
        beaten[apart:] |= (first[:-apart] <= first[apart:]) & (second[:-apart] <= second[apart:])
    return beaten.T.ravel()
