"""A model's speed relative to the control model, with what the measurement leaves uncertain."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

RESAMPLES = 2000


class Relative(NamedTuple):
    """The control model's time over the candidate's, and its 95 % interval."""

    value: float
    lo: float
    hi: float

    @property
    def width(self) -> float:
        """The interval's width as a share of the value."""
        return (self.hi - self.lo) / self.value


def relative(samples: pl.DataFrame) -> Relative:
    """Return the median, over the blocks, of the ratio of the two models' medians in each.

    samples: the columns `protocol.SAMPLES`. What slows the machine for a moment weighs on one
    ratio, not on the median. The interval is the percentile bootstrap's over sessions, and over
    the blocks of each: blocks of one session share its memory and its neighbours, and tell less
    than as many of different sessions. Raises ValueError where there are no runs.
    """
    ratios = _ratios(samples)
    if ratios.size == 0:
        raise ValueError("no samples to sum up")
    sessions, blocks = ratios.shape
    random = np.random.default_rng(0)
    drawn = random.integers(sessions, size=(RESAMPLES, sessions, 1))
    within = random.integers(blocks, size=(RESAMPLES, sessions, blocks))
    lo, hi = np.percentile(np.median(ratios[drawn, within], axis=(1, 2)), [2.5, 97.5])
    return Relative(float(np.median(ratios)), float(lo), float(hi))


def _ratios(samples: pl.DataFrame) -> NDArray[np.float64]:
    """Return the ratio of each block, float64 [sessions, blocks]."""
    runs = samples.filter(pl.col("phase") == "run")
    medians = runs.group_by("model", "session", "block").agg(pl.col("ms").median())
    by_model = {
        name: medians.filter(pl.col("model") == name).sort("session", "block")
        for name in ("candidate", "control")
    }
    ratios = (by_model["control"]["ms"] / by_model["candidate"]["ms"]).to_numpy()
    return ratios.reshape(max(1, by_model["candidate"]["session"].n_unique()), -1)
