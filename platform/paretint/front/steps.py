"""Marginal gains: what the next value of a parameter adds to a score, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan, sqrt

import numpy as np
from scipy.special import stdtrit

from paretint.config.recipe import AMPLIFIER, LAMBDAS
from paretint.front.arrays import Floats, Mask, Rows
from paretint.front.costs import COSTS
from paretint.front.levels import codes, levels
from paretint.front.measures import ARM, Estimate
from paretint.front.recipes import PARAM, Recipes

_AMPLIFIED = "param.amplified"
_OF_IMAGES = tuple(f"{PARAM}{name}" for name in (*LAMBDAS, AMPLIFIER))
"""Parameters that tell nothing of a recipe without amplified images."""


@dataclass(frozen=True)
class Step:
    """From one value of a parameter to the next, all else equal.

    Attributes:
        column: the parameter's.
        start, stop: the two values, or ranges of them, as text.
        gain: the mean difference of the score, with its 95 % interval where one is known.
        recipes: how many recipes were compared with others that differ in nothing else.
        costs: the mean differences of COSTS in seconds, by name; None where nothing is known.
    """

    column: str
    start: str
    stop: str
    gain: Estimate
    recipes: int
    costs: dict[str, float | None]


def steps(found: Recipes) -> tuple[Step, ...]:
    """What each next value of each parameter adds; only recipes are compared that differ in
    nothing else, and a step without any is left out.

    The interval is that of the mean over these comparisons, as of a random-effects meta-analysis
    without weights (Hedges and Vevea, Psychological Methods 3(4), 1998): the wider of what scores
    are unsure by, held-out faces and seeds, and of what the differences' own spread says
    (Student's t).
    """
    coded = {name: codes(found.table[name]) for name in found.params}
    return tuple(
        step
        for column in found.params
        for step in _steps(found, column, [coded[n] for n in found.params if n != column])
    )


def _steps(found: Recipes, column: str, others: Sequence[Rows]) -> Iterator[Step]:
    """The steps of one parameter; others: the codes of all other parameters."""
    told = levels(found.table, column)
    at = told.of.copy()
    if column.startswith(_OF_IMAGES) and _AMPLIFIED in found.params:
        at[found.table[_AMPLIFIED].to_numpy() == 0] = -1
    means = _Means(np.flatnonzero(at >= 0), _alike(others, len(at)), at, len(told.texts))
    variance = ((found.table["below"] + found.table["above"]).to_numpy() / 2) ** 2
    values = means.of(found.table["value"].to_numpy())
    unsure = means.of(variance) / means.counts
    paid = {name: means.of(found.table[name].to_numpy()) for name in COSTS}
    for place, (start, stop) in enumerate(pairwise(told.texts)):
        both = means.there(place) & means.there(place + 1)
        if both.any():
            noise = float((unsure[both, place] + unsure[both, place + 1]).mean())
            gain = _mean(_gained(values, place, both), noise)
            costs = {name: _known(_gained(cells, place, both)) for name, cells in paid.items()}
            yield Step(column, start, stop, gain, int(both.sum()), costs)


class _Means:
    """Means of columns by what recipes have in common (down) and the parameter's level (across).

    rows: the recipes that count; alike, at: of each recipe the row and the column of its cell.
    """

    def __init__(self, rows: Rows, alike: Rows, at: Rows, levels: int) -> None:
        self._rows = rows
        self._shape = (int(alike.max(initial=-1)) + 1, levels)
        self._cells = alike[rows] * levels + at[rows]
        self.counts = self._sums(np.ones(len(rows)))

    def _sums(self, values: Floats) -> Floats:
        size = self._shape[0] * self._shape[1]
        sums = np.bincount(self._cells, values, minlength=size).astype(np.float64)
        return sums.reshape(self._shape)

    def of(self, column: Floats) -> Floats:
        """The mean of each cell; not a number of an empty one."""
        with np.errstate(invalid="ignore"):
            means: Floats = self._sums(column[self._rows]) / self.counts
        return means

    def there(self, place: int) -> Mask:
        """Which rows have recipes at a level."""
        found: Mask = self.counts[:, place] > 0
        return found


def _alike(others: Sequence[Rows], count: int) -> Rows:
    """Numbers of recipes, the same for those that are alike in everything else."""
    alike = np.zeros(count, dtype=np.intp)
    for code in others:
        _, alike = np.unique(alike * (code.max() + 2) + code, return_inverse=True)
    return alike


def _gained(cells: Floats, place: int, rows: Mask) -> Floats:
    gained: Floats = cells[rows, place + 1] - cells[rows, place]
    return gained


def _known(seconds: Floats) -> float | None:
    """The mean, where all are known."""
    mean = float(seconds.mean())
    return None if isnan(mean) else mean


def _mean(gains: Floats, variance: float) -> Estimate:
    """The mean of differences, of which each has the variance, and more where they spread more."""
    count, mean = len(gains), float(gains.mean())
    arm = ARM * sqrt(variance)
    if count > 1:
        arm = max(arm, float(stdtrit(count - 1, 0.975) * gains.std(ddof=1)))
    arm /= sqrt(count)
    return Estimate(mean, mean - arm, mean + arm) if arm else Estimate(mean)
