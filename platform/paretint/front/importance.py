"""How much it matters for a good score what value a parameter has."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paretint.front.arrays import Floats, Mask
from paretint.front.levels import Levels, levels
from paretint.front.measures import Estimate
from paretint.front.recipes import Recipes

BEST = 0.1
"""The share of recipes that count as good ones,"""
LEAST_BEST = 5
"""and how many they are at least, where"""
LEAST = 10
"""there are so many recipes; from fewer nothing is said."""
_RESAMPLES = 100

Singles = NDArray[np.float32]


class Importance(NamedTuple):
    """A parameter's share of what sets good recipes apart, 0 to 1, with its 95 % interval."""

    column: str
    share: Estimate


class Importances(NamedTuple):
    """How many of the recipes count as good ones, and the importance of each parameter.

    best: with those that score as the last of them; 0 where there are too few to say.
    told: the greatest first; none where no parameter has any.
    """

    best: int
    told: tuple[Importance, ...] = ()


def best_share(count: int) -> float:
    """Which share of so many recipes counts as good."""
    return max(BEST, LEAST_BEST / count)


def importances(found: Recipes) -> Importances:
    """The importance of each parameter that varies.

    PED-ANOVA (Watanabe et al., IJCAI 2023): how far the values of a parameter among the best
    recipes, `best_share` of them, are spread otherwise than among all, as Pearson divergence. It
    is of the values that were tried; one whose good and bad values were never apart has none. All
    together have 1. Intervals are percentiles over recipes drawn anew.
    """
    count = found.table.height
    if count < LEAST or not found.params:
        return Importances(0)
    axes = [levels(found.table, column) for column in found.params]
    drawn = _resamples(count)
    good = found.losses <= np.partition(found.losses, _last(count))[_last(count)]
    best = int(good.sum())
    parts = np.stack([_divergence(axis, drawn, good) for axis in axes], axis=1)
    whole = parts.sum(axis=1, keepdims=True)
    if not whole[0]:
        return Importances(best)
    shares = parts / np.where(whole, whole, 1)
    low, high = np.percentile(shares[1:], [2.5, 97.5], axis=0)
    told = [
        Importance(column, Estimate(*map(float, ends)))
        for column, *ends in zip(found.params, shares[0], low, high, strict=True)
    ]
    return Importances(best, tuple(sorted(told, key=lambda each: -each.share.value)))


def _resamples(count: int) -> Singles:
    """How often each recipe comes in some samples ([s, n]), the first of which holds each once."""
    picks = np.random.default_rng(0).integers(count, size=(_RESAMPLES, count))
    rows = [np.ones(count), *(np.bincount(pick, minlength=count) for pick in picks)]
    return np.stack(rows).astype(np.float32)


def _last(count: int) -> int:
    """The place of the last good one in order, from 0."""
    return ceil(best_share(count) * count) - 1


def _divergence(axis: Levels, drawn: Singles, good: Mask) -> Floats:
    """The divergence in each of some samples ([s]) that hold recipes so often ([s, n]).

    Where a parameter is not in all recipes, those with it count by their share of all (Conditional
    PED-ANOVA, 2026, as Optuna has it).
    """
    of_all, of_best = _counts(axis, drawn), _counts(axis, drawn, good)
    every, top = _densities(of_all), _densities(of_best)
    apart = (every * (top / every - 1) ** 2).sum(axis=1)
    in_all = of_all.sum(axis=1) / drawn.sum(axis=1)
    in_best = of_best.sum(axis=1) / np.maximum(drawn[:, good].sum(axis=1), 1)
    scaled: Floats = apart * in_best**2 / np.where(in_all, in_all, 1)
    return scaled


def _counts(axis: Levels, drawn: Singles, among: Mask | None = None) -> Floats:
    """How often each sample has each level ([s, L]), among some recipes."""
    rows = np.flatnonzero(axis.of >= 0 if among is None else among & (axis.of >= 0))
    which = np.eye(len(axis.texts), dtype=np.float32)[axis.of[rows]]
    counted = drawn if len(rows) == drawn.shape[1] else drawn[:, rows]
    counts: Floats = (counted @ which).astype(np.float64)
    return counts


def _densities(counts: Floats) -> Floats:
    """The share of each level ([s, L]), smoothed as Optuna's Parzen estimator does counts."""
    size = counts.shape[1]
    kernels = (counts > 0).sum(axis=1, keepdims=True) + 1
    total = counts.sum(axis=1, keepdims=True)
    leak = 1 / (kernels + size)
    densities: Floats = (counts * kernels * leak + total * leak + 1 / size) / (total + 1)
    return densities
