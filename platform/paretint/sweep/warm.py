"""What an earlier run gives to a new one: recipes to try first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from paretint.config import Point, SearchSpace
from paretint.config.base import Scalar
from paretint.config.dimensions import Dimension
from paretint.front import complete, places
from paretint.store import Ledger, Run
from paretint.sweep.history import recipe_of

_MOST = 6
"""Recipes that are tried first: from so many on, models say more than a front does."""


def best_points(run: Run) -> list[Point]:
    """Return the best of the earlier run's recipes that the run's space has, the best first.

    Best in the order of Deb et al. (2002), by what the new run wants of those that keep its rules.
    """
    if run.earlier is None:
        return []
    experiment = run.experiment
    columns = [objective.column for objective in experiment.objectives]
    points, judged = [], []
    for row in complete(Ledger(run.earlier).trials(), columns).to_dicts():
        point = point_of(experiment.search_space, recipe_of(row))
        if point is not None and all(rule.holds(row) for rule in experiment.constraints):
            points.append(point)
            judged.append([row[column] for column in columns])
    values = np.array(judged, dtype=float).reshape(-1, len(columns))
    order = np.argsort(places(values, [objective.goal for objective in experiment.objectives]))
    best: list[Point] = []
    for i in order:  # several of its recipes, or seeds of one, may be the same point here
        if points[i] not in best:
            best.append(points[i])
    return best[:_MOST]


def point_of(space: SearchSpace, recipe: Mapping[str, Scalar | None]) -> Point | None:
    """Return a recipe as a point of a space, None where it lies outside."""

    def choose(name: str, dimension: Dimension) -> Scalar:
        value = recipe.get(name)
        if value is None or not dimension.contains(value):
            raise KeyError(name)
        return value

    fixed = space.constants.items()
    if any(recipe.get(name) not in (None, value) for name, value in fixed):
        return None
    try:
        return space.point(choose)
    except KeyError:
        return None
