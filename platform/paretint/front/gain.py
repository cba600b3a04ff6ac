"""What a point would add to a front."""

from __future__ import annotations

import numpy as np

from paretint.front.arrays import Floats
from paretint.front.dominance import sorted_front
from paretint.front.volume import volume_within


def gains(points: Floats, front: Floats, reference: Floats) -> Floats:
    """The hypervolume that each of ``points`` ([n, m]) by itself adds to ``front`` ([k, m]).

    All are losses; ``reference`` ([m]) is the worst that counts.
    """
    ahead = sorted_front(front[(front < reference).all(axis=1)])
    if len(reference) == 2:
        return _areas(points, ahead, reference)
    return np.array([_volume(point, ahead, reference) for point in points])


def _areas(points: Floats, front: Floats, reference: Floats) -> Floats:
    """Under each step of the front's staircase, the part of a point's box that lies below it."""
    starts = np.concatenate([[-np.inf], front[:, 0]])
    ends = np.concatenate([front[:, 0], [reference[0]]])
    heights = np.concatenate([[reference[1]], front[:, 1]])
    across = ends - np.maximum(starts, points[:, :1])
    up = heights - points[:, 1:]
    areas: Floats = (across.clip(min=0) * up.clip(min=0)).sum(axis=1)
    return areas


def _volume(point: Floats, front: Floats, reference: Floats) -> float:
    """A point's box, less what the front has of it."""
    box = float(np.prod((reference - point).clip(min=0)))
    return box - volume_within(np.maximum(front, point), reference) if box else 0.0
