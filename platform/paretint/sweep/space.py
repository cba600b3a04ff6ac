"""A search space as Optuna walks it: its samplers, and how a point is asked for."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence

import optuna
from optuna.samplers import BaseSampler

from paretint.config import Choices, Experiment, IntRange, Point, SearchSpace
from paretint.config.base import Scalar
from paretint.config.dimensions import Dimension
from paretint.sweep.costs import amplifier_of


def sampler(space: SearchSpace, seed: int) -> BaseSampler:
    """Return the space's Optuna sampler.

    A grid needs none, its points are all queued; `ehvi` queues its own once it has learned enough.
    """
    conditions = any(dimension.when for dimension in space.varying.values())
    makers: dict[str, Callable[[], BaseSampler]] = {
        # Its parameters are drawn one by one unless it is told that they belong together.
        "tpe": lambda: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=conditions),
        "gp": lambda: optuna.samplers.GPSampler(seed=seed),
        "nsga2": lambda: optuna.samplers.NSGAIISampler(seed=seed),
        "qmc": lambda: optuna.samplers.QMCSampler(seed=seed, scramble=True),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return makers.get(space.sampler, lambda: optuna.samplers.RandomSampler(seed=seed))()


def suggest(trial: optuna.Trial, space: SearchSpace) -> Point:
    """Return the trial's point: a value for every parameter that varies and is there."""

    def choose(name: str, dimension: Dimension) -> Scalar:
        if isinstance(dimension, Choices):
            choice = trial.suggest_categorical(name, dimension.choices)
            assert choice is not None
            return choice
        if isinstance(dimension, IntRange):
            low, high = dimension.bounds
            return trial.suggest_int(name, low, high, step=dimension.step, log=dimension.log)
        start, end = dimension.bounds
        return trial.suggest_float(name, start, end, log=dimension.log)

    return space.point(choose)


def planned(experiment: Experiment, best: Sequence[Point] = ()) -> list[Point]:
    """Return the points that are tried first, in order: the chosen ones, then a grid's others.

    best: those of an earlier run, which come after the chosen ones.

    Of a grid that is larger than the budget, the seed chooses, so that it is covered evenly; a
    chosen point that leaves a parameter open is the first of the grid that agrees with it. Points
    with the same amplifier come together, while it is warm.
    """
    space, most = experiment.search_space, experiment.recipes
    wanted = [*space.first, *(point for point in best if point not in space.first)]
    if space.sampler != "grid":
        return [dict(point) for point in wanted][:most]
    first, rest = [], list(space.points())
    for chosen in wanted:
        match = next((point for point in rest if chosen.items() <= point.items()), None)
        if match is not None:
            rest.remove(match)
            first.append(match)
    random.Random(experiment.seed).shuffle(rest)
    return first[:most] + _together(rest[: max(0, most - len(first))], experiment)


def _together(points: Sequence[Point], experiment: Experiment) -> list[Point]:
    """Return points in their order, but each behind the others with its amplifier."""
    groups: dict[object, list[Point]] = {}
    for point in points:
        groups.setdefault(amplifier_of(experiment.recipe(point).params()), []).append(point)
    return [point for group in groups.values() for point in group]
