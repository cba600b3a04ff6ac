"""The recipe that would add most to the front for what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from paretint.config import Choices, Experiment, IntRange, Point, SearchSpace
from paretint.config.base import Scalar
from paretint.config.dimensions import Dimension
from paretint.front import as_losses, gains
from paretint.front.arrays import Floats
from paretint.sweep.costs import Costs
from paretint.sweep.foresight import Foresight
from paretint.sweep.history import History, recipe_of
from paretint.sweep.warm import point_of

_MOST = 1000
"""Points that are weighed; of a larger space, so many at random."""
_LISTED = 10_000
"""Points that are listed to choose from; in a space that may have more, each is drawn."""


_MEDIAN = np.zeros(1)
"""The normal draw that is the median."""


class _Asked(NamedTuple):
    """A point that may be tried, its whole recipe, and the trial that has begun with it, if any."""

    point: Point
    recipe: Point
    trial: str = ""


class Proposals:
    """Expected hypervolume improvement for each second of work.

    Emmerich et al. (IEEE CEC 2011) take the expectation over all objectives; here speeds and sizes
    are known, and qualities are drawn. Trials that are running count as what they are expected to
    come to, or all workers would try the same. As images that are made already cost nothing,
    recipes that share an amplifier come together. Where every recipe was tried, those that were
    stopped are looked at again: what has been learned since may speak for some of them.
    """

    def __init__(self, experiment: Experiment, history: History, foresight: Foresight) -> None:
        self._experiment = experiment
        self._history = history
        self._foresight = foresight
        self._costs = Costs(history, experiment.student.steps)
        goals = [objective.goal for objective in experiment.objectives]
        references = [objective.reference for objective in experiment.objectives]
        self._reference = as_losses(references, goals)
        self._recipes: dict[frozenset[tuple[str, Scalar]], Point] = {}
        self._rng = np.random.default_rng([experiment.seed, len(history.trials)])

    def best(self) -> Point | None:
        """Return the point to try next, any where too little is known; None where none is left."""
        ready = self._foresight.learn()
        asked = self._untried()
        if not ready:
            return asked[0].point if asked else None
        asked = asked or self._stopped_too_soon()
        if not asked:
            return None
        recipes, trials = [one.recipe for one in asked], [one.trial for one in asked]
        worth = self._improvement(recipes, trials) / self._seconds(recipes)
        return asked[int(np.argmax(worth))].point

    def _untried(self) -> list[_Asked]:
        """Return the recipes that no trial has had, and that no rule is known to forbid."""
        tried = {_frozen(recipe_of(row)) for row in self._history.trials.values()}
        points = candidates(self._experiment.search_space, _MOST, self._rng)
        asked = (_Asked(point, self._recipe(point)) for point in points)
        return [
            one
            for one in asked
            if _frozen(one.recipe) not in tried and self._foresight.broken(one.recipe) is None
        ]

    def _stopped_too_soon(self) -> list[_Asked]:
        """Return the recipes that were stopped, and that would not be as things look now."""
        stopping = self._experiment.stopping
        rows = list(self._history.in_state("stopped"))
        if stopping is None or not rows:
            return []
        others = (row for row in self._history.trials.values() if row.get("state") != "stopped")
        settled = {_frozen(recipe_of(row)) for row in others}
        recipes, trials = [recipe_of(row) for row in rows], [str(row["trial"]) for row in rows]
        beaten = self._foresight.beaten(recipes, trials)
        points = [point_of(self._experiment.search_space, recipe) for recipe in recipes]
        return [
            _Asked(point, recipe, trial)
            for point, recipe, trial, share in zip(points, recipes, trials, beaten, strict=True)
            if point and _frozen(recipe) not in settled and share < stopping.dominated
        ]

    def _recipe(self, point: Point) -> Point:
        """Return a point's whole recipe; a space that is listed comes to the same ones again."""
        if self._experiment.search_space.bound > _LISTED:
            return self._experiment.recipe(point).params()
        frozen = _frozen(point)
        if frozen not in self._recipes:
            self._recipes[frozen] = self._experiment.recipe(point).params()
        return self._recipes[frozen]

    def _improvement(self, recipes: Sequence[Point], trials: Sequence[str]) -> Floats:
        """Return the hypervolume ([n]) that recipes are expected to add."""
        draws = self._foresight.draws(recipes, trials)
        front = self._foresight.front()
        running = {row["trial"]: recipe_of(row) for row in self._history.in_state(None)}
        if running:
            drawn = self._foresight.draws(list(running.values()), list(running))
            front = np.concatenate([front, drawn.mean(axis=0)])
        flat = draws.reshape(-1, draws.shape[-1])
        added: Floats = gains(flat, front, self._reference).reshape(len(draws), -1).mean(axis=0)
        return added

    def _seconds(self, recipes: Sequence[Point]) -> Floats:
        (macs,) = self._foresight.files.draws("size.macs", recipes, _MEDIAN)
        return self._costs.of(recipes, macs)


def candidates(space: SearchSpace, most: int, rng: np.random.Generator) -> list[Point]:
    """Return every point of a space, or `most` at random where there are more."""
    if space.bound > _LISTED:
        return [space.point(lambda _, dimension: _value(dimension, rng)) for _ in range(most)]
    points = list(space.points())
    if len(points) <= most:
        return [points[i] for i in rng.permutation(len(points))]
    shares = np.array([_density(space, point) for point in points])
    chosen = rng.choice(len(points), most, replace=False, p=shares / shares.sum())
    return [points[i] for i in chosen]


def _value(dimension: Dimension, rng: np.random.Generator) -> Scalar:
    if isinstance(dimension, Choices) or (isinstance(dimension, IntRange) and not dimension.log):
        return dimension.values[int(rng.integers(len(dimension.values)))]
    low, high = dimension.bounds
    if isinstance(dimension, IntRange):  # each with what is nearest to it, as Optuna has it
        drawn = np.exp(rng.uniform(np.log(low - 0.5), np.log(high + 0.5)))
        return int(np.clip(np.rint(drawn), low, high))
    if dimension.log:
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return float(rng.uniform(low, high))


def _density(space: SearchSpace, point: Point) -> float:
    """Return how often a point is drawn, against others: by the logarithms that ranges want."""
    logs = (name for name, one in space.varying.items() if isinstance(one, IntRange) and one.log)
    return prod(1 / float(point[name]) for name in logs if name in point)


def _frozen(recipe: Point) -> frozenset[tuple[str, Scalar]]:
    return frozenset(recipe.items())
