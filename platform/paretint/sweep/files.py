"""What an untrained network's file comes to: known once any trial had it, else expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from paretint.config import Point, SearchSpace, untrained
from paretint.config.recipe import ARCHITECTURE
from paretint.sweep.curves import Curves, Expected, Score
from paretint.sweep.features import Features
from paretint.sweep.history import History, Row, recipe_of

_MADE_OF = (*ARCHITECTURE, "input_size", "precision", "coreml_precision")


class Files:
    """Speeds and sizes of recipes, by what their files are made of."""

    def __init__(self, space: SearchSpace, history: History) -> None:
        self._features = Features(space, _MADE_OF)
        self._history = history
        self._models: dict[str, Curves] = {}
        self._rows: dict[Any, Row] = {}

    def learn(self) -> None:
        """Look the history through for files that were not known."""
        for row in self._history.trials.values():
            if any(name.startswith("size.") for name in row):
                self._rows.setdefault(_made_of(recipe_of(row)), row)

    def columns(self, recipe: Point) -> Row:
        """Return what is known of a file that differs from the recipe's by its weights alone."""
        row = self._rows.get(_made_of(recipe), {})
        return {
            name: value
            for name, value in row.items()
            if untrained(name) and not name.startswith("param.")
        }

    def expect(self, column: str, recipes: Sequence[Point]) -> Expected:
        """Return the logarithm of a column, above 0, that is known before training.

        A parameter is the recipe's own. A known value of a file has no deviation; while few are
        known, any other may be any of them.
        """
        if column.startswith("param."):
            own = [float(recipe[column.removeprefix("param.")]) for recipe in recipes]
            return Expected(np.log(own), np.zeros(len(own)))
        known = {made: row[column] for made, row in self._rows.items() if row.get(column)}
        told = np.log([known.get(_made_of(recipe), math.nan) for recipe in recipes])
        sure = ~np.isnan(told)
        if sure.all():
            return Expected(told, np.zeros(len(told)))
        mean, deviation = self._guess(column, known, recipes)
        return Expected(np.where(sure, told, mean), np.where(sure, 0.0, deviation))

    def _guess(self, column: str, known: dict[Any, float], recipes: Sequence[Point]) -> Expected:
        model = self._models.setdefault(column, Curves(self._features))
        model.learn(
            [
                Score(str(made), recipe_of(self._rows[made]), float(np.log(value)))
                for made, value in known.items()
            ]
        )
        if model.ready:
            return model.expect(recipes)
        logs = np.log(list(known.values()) or [1.0])
        spread = logs.std() if len(logs) > 1 else 1.0
        return Expected(np.full(len(recipes), logs.mean()), np.full(len(recipes), spread))


def _made_of(recipe: Point) -> Any:
    return tuple(recipe.get(name) for name in _MADE_OF)
