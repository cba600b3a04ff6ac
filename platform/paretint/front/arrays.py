"""Tables of losses as arrays that have each objective in one piece, and their orders.

It is objectives that are compared, a million numbers at a time: what numpy does row by row, or
by a mask, takes several times as long.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


def take(losses: Floats, rows: Rows) -> Floats:
    """The rows of ``losses`` ([n, m]) with the numbers ``rows``, in their order."""
    taken: Floats = losses.T.take(rows, axis=1).T
    return taken


def select(losses: Floats, rows: Rows) -> Floats:
    """As `take` of ascending numbers, each once: the table itself where these are all."""
    return losses if len(rows) == len(losses) else take(losses, rows)


def lexicographic(losses: Floats) -> Rows:
    """The order of rows by the first objective, equal ones by the next, and so on; then as come.

    A sort by several objectives, or a stable one, takes many times as long as a sort by one: it
    is done where there are ties.
    """
    order = np.argsort(losses[:, 0])
    first = losses[:, 0].take(order)
    return np.lexsort(losses.T[::-1]) if (first[1:] == first[:-1]).any() else order


def ranks(column: Floats) -> NDArray[np.int32]:
    """For each of ``column`` ([n]), how many of its distinct values are lower."""
    order = np.argsort(column)
    ranked = column.take(order)
    places = np.zeros(len(column), dtype=np.int32)
    np.cumsum(ranked[1:] != ranked[:-1], out=places[1:])
    found = np.empty_like(places)
    found[order] = places
    return found
