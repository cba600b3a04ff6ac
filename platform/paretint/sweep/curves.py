"""What a recipe's quality will come to, from other recipes and from its own first rungs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paretint.config import Point
from paretint.front.arrays import Floats
from paretint.sweep.features import Features
from paretint.sweep.gaussian import GaussianProcess, Inputs

LEAST = 6
"""Scores from fewer recipes teach nothing."""

_GROWTH = 1.25
"""Lengths and noise are fitted anew where there are so many times more scores than before."""

_MOST = 400
"""Scores that are learned from, the last ones: the time is that of their cube."""


class Score(NamedTuple):
    """What a trial's recipe came to at a share of its training, above 0 to 1.

    earlier: whether that was in an earlier run.
    """

    trial: str
    recipe: Point
    value: float
    share: float = 1.0
    earlier: bool = False


class Expected(NamedTuple):
    """What recipes come to at the end: means and standard deviations ([n] each)."""

    mean: Floats
    deviation: Floats


class Curves:
    """A Gaussian process over recipes and the share of their training.

    One process over both is what lets the first rungs of a trial, and the whole curves of those
    like it, say how it ends (Kandasamy et al., ICML 2017: a continuous fidelity). The share is
    logarithmic, as rungs are. What a trial has beyond its recipe, such as a lucky seed, it mostly
    keeps from rung to rung. Whether a score is an earlier run's is a column like any other: its
    length says how much of that run holds for this one (Bonilla et al., NIPS 2007).
    """

    def __init__(self, features: Features, first: float = 0.5) -> None:
        """first: the least share, that of the first rung."""
        self._features = features
        self._first = min(first, 0.5)
        self._process = GaussianProcess()
        self._fitted_to = 0
        self._two_runs = False
        self._trials: dict[str, int] = {}

    @property
    def ready(self) -> bool:
        """Whether it has learned from enough."""
        return self._fitted_to > 0

    def learn(self, scores: Sequence[Score]) -> None:
        """Learn from all the scores there are, those of earlier calls among them."""
        self._two_runs = any(s.earlier for s in scores)  # always, or never
        self._trials = {name: i for i, name in enumerate(dict.fromkeys(s.trial for s in scores))}
        if len(self._trials) < LEAST:
            return
        last = scores[-_MOST:]
        inputs = self._inputs(
            [s.recipe for s in last],
            [s.share for s in last],
            [s.trial for s in last],
            [s.earlier for s in last],
        )
        again = len(scores) >= _GROWTH * self._fitted_to
        self._process.fit(inputs, np.array([s.value for s in last]), again)
        if again:
            self._fitted_to = len(scores)

    def expect(self, recipes: Sequence[Point], trials: Sequence[str] | None = None) -> Expected:
        """Return what recipes will come to; call it when it is `ready`.

        trials: those that have begun with the recipes; None where none has.
        """
        names = ["" for _ in recipes] if trials is None else trials
        inputs = self._inputs(recipes, [1.0] * len(names), names, [False] * len(names))
        return Expected(*self._process.predict(inputs))

    def _inputs(
        self,
        recipes: Sequence[Point],
        shares: Sequence[float],
        trials: Sequence[str],
        earlier: Sequence[bool],
    ) -> Inputs:
        columns = [self._features(recipes)]
        if self._two_runs:
            columns.append(np.array(earlier, dtype=float)[:, None])
        columns.append((1 - np.log(shares) / np.log(self._first))[:, None])
        series = np.array([self._trials.get(name, -1) for name in trials], dtype=np.int64)
        return Inputs(np.concatenate(columns, axis=1), series)
