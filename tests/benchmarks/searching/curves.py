"""How methods compare: hypervolume against compute, over seeds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import NamedTuple

import numpy as np
from searching.replay import Curve

Curves = Mapping[str, Sequence[Curve]]
"""By method, a curve for each seed."""


class Quartiles(NamedTuple):
    """The middle of some numbers, and the quarters around it."""

    median: float
    q25: float
    q75: float

    def told(self, digits: int) -> dict[str, float | None]:
        """Return them rounded; None is never."""
        return {k: round(v, digits) if isfinite(v) else None for k, v in self._asdict().items()}


def quartiles(values: Sequence[float]) -> Quartiles:
    """Return quartiles that are values themselves, the higher of two: there is no mean of never."""
    return Quartiles(*np.quantile(values, [0.5, 0.25, 0.75], method="higher").tolist())


def volume_at(curve: Curve, seconds: float) -> float:
    """Return the hypervolume after so many seconds of work."""
    reached = bisect_right(curve.seconds, seconds)
    return curve.volumes[reached - 1] if reached else 0.0


def final(curve: Curve) -> float:
    """Return the hypervolume when the budget was used up."""
    return volume_at(curve, inf)


def seconds_to(curve: Curve, volume: float) -> float:
    """Return the seconds of work until a hypervolume was reached; infinite where it never was."""
    reached = zip(curve.seconds, curve.volumes, strict=True)
    return next((seconds for seconds, found in reached if found >= volume), inf)


def over_seeds(curves: Sequence[Curve], grid: Sequence[float]) -> list[Quartiles]:
    """Return the quartiles of the hypervolume after each number of seconds of a grid."""
    return [quartiles([volume_at(curve, seconds) for curve in curves]) for seconds in grid]


def best_of(curves: Curves) -> str:
    """Return the method with the highest median of final hypervolumes."""
    return max(curves, key=lambda name: quartiles([final(c) for c in curves[name]]).median)


def shares_to(curves: Sequence[Curve], volume: float, budget_s: float) -> list[float]:
    """Return for each seed the share of the budget until a hypervolume was reached."""
    return [seconds_to(curve, volume) / budget_s for curve in curves]
