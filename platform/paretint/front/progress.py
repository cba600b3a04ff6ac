"""How the hypervolume of a search grew, trial by trial."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from paretint.config import Goal
from paretint.front.arrays import Floats, Mask
from paretint.front.dominance import as_losses, sorted_front
from paretint.front.volume import areas_added, volume_within

_LOOKS = 60


def volume_progress(
    values: ArrayLike, reference: ArrayLike, goals: Sequence[Goal]
) -> tuple[NDArray[np.intp], Floats]:
    """Numbers of rows k, ascending, and the `hypervolume` of the first k of ``values`` ([n, m]).

    Of two objectives these are all k from 1 to n, in time n log n. Of more they are at most 60,
    evenly spread and the last of them n: each takes a hypervolume of the front so far. Rows that
    are not finite or not better than ``reference`` ([m]) everywhere add nothing.
    """
    losses, worst = as_losses(values, goals), as_losses(reference, goals)
    counted: Mask = np.logical_and.reduce(np.isfinite(losses) & (losses < worst), axis=1)
    if len(goals) == 2:
        added = np.zeros(len(losses))
        added[counted] = list(areas_added(losses[counted] - worst))
        return np.arange(1, len(losses) + 1), np.cumsum(added)
    looks = np.unique(np.linspace(0, len(losses), _LOOKS + 1).astype(np.intp))
    front, volumes = losses[:0], []
    for start, stop in pairwise(looks):
        fresh = losses[start:stop][counted[start:stop]]
        front = sorted_front(np.concatenate([front, fresh]))
        volumes.append(volume_within(front, worst))
    return looks[1:], np.array(volumes)
