"""How likely each trial is of the front, given how sure its scores are."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import polars as pl

from paretint.config import Objective
from paretint.front.arrays import Floats, Rows, take
from paretint.front.dominance import as_losses, front_counts, sorted_front
from paretint.front.intervals import arms
from paretint.front.measures import ARM
from paretint.front.members import complete
from paretint.front.replicates import replicates

DRAWS = 256
_AT_ONCE = 32
"""Draws whose fronts are found together."""

_FAR = 4.5
"""Standard deviations beyond which no draw is expected: one in 100,000 lies there."""


def membership(
    trials: pl.DataFrame, objectives: Sequence[Objective], draws: int = DRAWS, seed: int = 0
) -> pl.DataFrame:
    """How likely each complete trial is of the front: ``trial`` and ``membership``, 0 to 1.

    Scores are drawn anew ``draws`` times, each from two halves of normal distributions that meet
    in the score and have its 95 % interval, one arm each; a score without an interval stays as it
    is. A trial's share of the fronts that result is its membership. A trial's errors depend on
    its name and the seed alone, so those of others stay when a trial comes to a ledger. They are
    drawn as if independent; what trials have in common, such as their held-out faces, makes
    true memberships lie further from a half.

    Trials of one recipe from several seeds stand for their mean, and share its membership. How far
    seeds lie apart widens the intervals of all recipes, the less the more seeds one has had.
    """
    columns = [objective.column for objective in objectives]
    rows = complete(trials, columns)
    goals = [objective.goal for objective in objectives]
    scores = as_losses(rows.select(columns).cast(pl.Float64).to_numpy(), goals)
    recipes = replicates(rows)
    luck = recipes.variance(scores) / recipes.counts[:, None]
    below, above = (
        np.sqrt(recipes.mean(part) ** 2 + luck) for part in _deviations(rows, objectives)
    )
    scores = recipes.mean(scores)
    likely = _contenders(scores - _FAR * below, scores + _FAR * above)
    scores, below, above = (take(part, likely) for part in (scores, below, above))
    first = np.unique(recipes.of, return_index=True)[1]
    names = rows["trial"].gather(first[likely])
    drawn_for = [_errors(name, draws, len(objectives), seed) for name in names]
    errors = np.reshape(drawn_for, (len(likely), draws, len(objectives)))
    members = np.zeros(len(recipes.counts))
    for some in np.array_split(np.arange(draws), -(-draws // _AT_ONCE)):
        error = errors[:, some].transpose(1, 0, 2)
        members[likely] += front_counts(scores + error * np.where(error < 0, below, above))
    return rows.select("trial", membership=pl.Series((members / draws)[recipes.of]))


@lru_cache(maxsize=4096)
def _errors(name: str, draws: int, objectives: int, seed: int) -> Floats:
    """A trial's standard normal errors, [draws, objectives]; remembered, as ledgers grow."""
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return rng.standard_normal((draws, objectives))


def _contenders(best: Floats, worst: Floats) -> Rows:
    """The rows whose ``best`` losses ([n, m]) no other's ``worst`` ones dominate."""
    left = np.arange(len(best))
    for point in sorted_front(worst):
        rows = take(best, left)
        left = left[(rows < point).any(axis=1) | (rows == point).all(axis=1)]
    return left


def _deviations(rows: pl.DataFrame, objectives: Sequence[Objective]) -> tuple[Floats, Floats]:
    """Standard deviations of losses to their better and worse side, [n, m] each."""
    better, worse = [], []
    for objective in objectives:
        low, high = arms(rows, objective.column)
        better.append(high if objective.goal == "maximize" else low)
        worse.append(low if objective.goal == "maximize" else high)
    return np.stack(better, axis=1) / ARM, np.stack(worse, axis=1) / ARM
