"""Recipes as numbers between 0 and 1, for models that learn what recipes come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from paretint.config import Choices, FloatRange, IntRange, SearchSpace
from paretint.config.base import Scalar
from paretint.front.arrays import Floats


class Features:
    """The parameters that vary in a space, as columns.

    Floats among choices stand at the places of the choices, and between them where they lie
    between; ranges are even, or even in the logarithm; texts have a column for each choice.
    """

    def __init__(self, space: SearchSpace, names: Iterable[str] | None = None) -> None:
        """names: the parameters that count; None for all that vary."""
        wanted = set(space.varying if names is None else names)
        self._dimensions = {k: d for k, d in space.varying.items() if k in wanted}

    def __call__(self, recipes: Sequence[Mapping[str, Scalar]]) -> Floats:
        """Return the columns ([n, d]) of recipes by parameter; one that is absent is at 0."""
        columns = [
            column
            for name, dimension in self._dimensions.items()
            for column in _columns(dimension, [recipe.get(name) for recipe in recipes])
        ]
        return np.stack(columns, axis=1) if columns else np.zeros((len(recipes), 0))


def _columns(dimension: Choices | IntRange | FloatRange, values: Sequence[Any]) -> Iterator[Floats]:
    if isinstance(dimension, Choices) and any(isinstance(c, str) for c in dimension.choices):
        for choice in dimension.choices:
            yield np.array([float(value == choice) for value in values])
        return
    numbers = np.array([np.nan if value is None else value for value in values], dtype=float)
    yield np.nan_to_num(_places(dimension, numbers))


def _places(dimension: Choices | IntRange | FloatRange, values: Floats) -> Floats:
    if isinstance(dimension, Choices):
        ordered = sorted(map(float, dimension.choices))
        return np.interp(values, ordered, np.linspace(0, 1, len(ordered)))
    low, high = map(float, dimension.bounds)
    if dimension.log:
        values, low, high = np.log(values), np.log(low), np.log(high)
    places: Floats = (values - low) / (high - low)
    return places
