"""What a recipe's quality will come to, from other recipes and from its own first rungs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paretint.config import Point
from paretint.sweep.features import Features
from paretint.sweep.gaussian import GaussianProcess, Numbers

LEAST = 6
"""Scores from fewer recipes teach nothing."""

_GROWTH = 1.25
"""Lengths and noise are fitted anew where there are so many times more scores than before."""

_MOST = 400
"""Scores that are learned from, the last ones: the time is that of their cube."""


class Score(NamedTuple):
    """What a trial's recipe came to at a share of its training, above 0 to 1."""

    trial: str
    recipe: Point
    value: float
    share: float = 1.0


class Expected(NamedTuple):
    """What recipes come to at the end: means and standard deviations ([n] each)."""

    mean: Numbers
    deviation: Numbers


class Curves:
    """A Gaussian process over recipes and the share of their training.

    One process over both is what lets the first rungs of a recipe, and the whole curves of those
    like it, say how it ends (Kandasamy et al., ICML 2017: a continuous fidelity). The share is
    logarithmic, as rungs are; the noise that is fitted with the rest is what a seed may change.
    """

    def __init__(self, features: Features, first: float = 0.5) -> None:
        """first: the least share, that of the first rung."""
        self._features = features
        self._first = min(first, 0.5)
        self._process = GaussianProcess()
        self._fitted_to = 0

    @property
    def ready(self) -> bool:
        """Whether it has learned from enough."""
        return self._fitted_to > 0

    def learn(self, scores: Sequence[Score]) -> None:
        """Learn from all the scores there are, those of earlier calls among them."""
        if len({score.trial for score in scores}) < LEAST:
            return
        last = scores[-_MOST:]
        inputs = self._inputs([s.recipe for s in last], [s.share for s in last])
        again = len(scores) >= _GROWTH * self._fitted_to
        self._process.fit(inputs, np.array([s.value for s in last]), again)
        if again:
            self._fitted_to = len(scores)

    def expect(self, recipes: Sequence[Point]) -> Expected:
        """Return what recipes will come to; call it when it is `ready`."""
        return Expected(*self._process.predict(self._inputs(recipes, [1.0] * len(recipes))))

    def _inputs(self, recipes: Sequence[Point], shares: Sequence[float]) -> Numbers:
        late = 1 - np.log(shares) / np.log(self._first)
        return np.column_stack([self._features(recipes), late])
