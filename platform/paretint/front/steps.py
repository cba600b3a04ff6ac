"""Marginal gains: what the next value of a parameter adds to a score, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import polars as pl
from scipy.special import stdtrit

from paretint.config.recipe import AMPLIFIER
from paretint.front.costs import COSTS
from paretint.front.levels import levels
from paretint.front.measures import ARM, Estimate
from paretint.front.recipes import PARAM, Recipes

_AMPLIFIED = "param.amplified"
_OF_IMAGES = (f"{PARAM}lambda_makeup", f"{PARAM}lambda_detail", f"{PARAM}{AMPLIFIER}")
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


def steps(found: Recipes, column: str) -> tuple[Step, ...]:
    """What each next value of a parameter adds; only recipes are compared that differ in nothing
    else, and a step without any is left out.

    The interval is that of the mean over these comparisons, as of a random-effects meta-analysis
    without weights (Hedges and Vevea, Psychological Methods 3(4), 1998): the wider of what scores
    are unsure by, held-out faces and seeds, and of what the differences' own spread says
    (Student's t).
    """
    told = levels(found.table, column)
    others = [name for name in found.params if name != column]
    rows = found.table.with_columns(level=pl.Series(told.of)).filter(pl.col("level") >= 0)
    if column.startswith(_OF_IMAGES) and _AMPLIFIED in rows.columns:
        rows = rows.filter(pl.col(_AMPLIFIED) > 0)
    means = rows.group_by([*others, "level"], maintain_order=True).agg(
        pl.col("value", *COSTS).mean(),
        variance=pl.col("variance").sum() / pl.len() ** 2,
    )
    at = [means.filter(level=place).drop("level") for place in range(len(told.texts))]
    pairs = zip(at, at[1:], told.texts, told.texts[1:], strict=False)
    compared = [(_matched(low, high, others), start, stop) for low, high, start, stop in pairs]
    return tuple(_step(column, start, stop, both) for both, start, stop in compared if both.height)


def _matched(low: pl.DataFrame, high: pl.DataFrame, others: Sequence[str]) -> pl.DataFrame:
    """Recipes that differ in nothing else, side by side; those of ``high`` have a suffix."""
    if not others:
        return low.join(high, how="cross", suffix="|")
    return low.join(high, on=others, suffix="|", nulls_equal=True)


def _step(column: str, start: str, stop: str, both: pl.DataFrame) -> Step:
    gains = both["value|"] - both["value"]
    variance = (both["variance|"] + both["variance"]).mean()
    assert isinstance(variance, float)
    return Step(
        column,
        start,
        stop,
        _mean(gains.to_list(), variance),
        both.height,
        {name: _known(both[f"{name}|"] - both[name]) for name in COSTS},
    )


def _known(seconds: pl.Series) -> float | None:
    """The mean, where all are known."""
    mean = None if seconds.has_nulls() else seconds.mean()
    return mean if isinstance(mean, float) else None


def _mean(gains: Sequence[float], variance: float) -> Estimate:
    """The mean of differences, of which each has the variance, and more where they spread more."""
    count = len(gains)
    mean = sum(gains) / count
    arm = ARM * sqrt(variance)
    if count > 1:
        spread = sqrt(sum((gain - mean) ** 2 for gain in gains) / (count - 1))
        arm = max(arm, float(stdtrit(count - 1, 0.975)) * spread)
    arm /= sqrt(count)
    return Estimate(mean, mean - arm, mean + arm) if arm else Estimate(mean)
