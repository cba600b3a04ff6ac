"""How the hypervolume of a search grew, trial by trial."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from paretint.config import Goal
from paretint.front.arrays import Floats
from paretint.front.dominance import as_losses
from paretint.front.gain import gains
from paretint.front.volume import areas_added


def volume_progress(values: ArrayLike, reference: ArrayLike, goals: Sequence[Goal]) -> Floats:
    """The hypervolume of the first row of ``values`` ([n, m]), of the first two, and so on: [n].

    The last is `hypervolume` of all. Two objectives take time n log n; from three on, a row costs
    a look at the front so far, and one that joins it a hypervolume of that front. Rows that are
    not finite or not better than ``reference`` ([m]) everywhere add nothing.
    """
    losses, worst = as_losses(values, goals), as_losses(reference, goals)
    counted = np.flatnonzero((np.isfinite(losses) & (losses < worst)).all(axis=1))
    added = np.zeros(len(losses))
    within = losses[counted]
    added[counted] = list(areas_added(within - worst)) if len(goals) == 2 else _added(within, worst)
    progress: Floats = np.cumsum(added)
    return progress


def _added(losses: Floats, worst: Floats) -> list[float]:
    """What each row adds to those before it."""
    front = np.empty((0, len(worst)))
    added = []
    for point in losses:
        joins = not (front <= point).all(axis=1).any()
        added.append(float(gains(point[None], front, worst)[0]) if joins else 0.0)
        if joins:
            front = np.vstack([front[~(point <= front).all(axis=1)], point])
    return added
