"""A mean over the held-out faces, with what those faces leave uncertain."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000


class Interval(NamedTuple):
    """A mean and its 95 % interval."""

    mean: float
    lo: float
    hi: float


def bootstrap(values: NDArray[np.float64], seed: int = 0) -> Interval:
    """Return the mean of values [N], N >= 1, with its percentile bootstrap interval (95 %).

    The same values and seed give the same interval.
    """
    picks = np.random.default_rng(seed).integers(len(values), size=(RESAMPLES, len(values)))
    lo, hi = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
    return Interval(float(values.mean()), float(lo), float(hi))
