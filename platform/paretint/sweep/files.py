"""What an untrained network's file comes to: known once any trial had it, else expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from paretint.config import Point, SearchSpace, untrained
from paretint.config.recipe import ARCHITECTURE
from paretint.front.arrays import Floats
from paretint.sweep.curves import Curves, Expected, Score
from paretint.sweep.features import Features
from paretint.sweep.history import History, Row, recipe_of

_MADE_OF = (*ARCHITECTURE, "input_size", "precision", "coreml_precision")
_PARAM = "param."


class _File(NamedTuple):
    """What a file is made of, first seen in a recipe, and what is known of it."""

    recipe: Point
    columns: Row


class Files:
    """Speeds and sizes of recipes, by what their files are made of."""

    def __init__(self, space: SearchSpace, history: History) -> None:
        self._features = Features(space, _MADE_OF)
        self._history = history
        self._models: dict[str, Curves] = {}
        self._known: dict[Any, _File] = {}
        self._learned: set[str] = set()

    def learn(self) -> None:
        """Look the history through for files that were not known."""
        for name, row in self._history.trials.items():
            if name in self._learned:
                continue
            columns = {n: v for n, v in row.items() if untrained(n) and not n.startswith(_PARAM)}
            if columns:
                recipe = recipe_of(row)
                self._known.setdefault(_made_of(recipe), _File(recipe, columns))
                self._learned.add(name)

    def columns(self, recipe: Point) -> Row:
        """Return what is known of a file that differs from the recipe's by its weights alone."""
        file = self._known.get(_made_of(recipe))
        return {} if file is None else file.columns

    def draws(self, column: str, recipes: Sequence[Point], normal: Floats) -> Floats:
        """Return what a column that is known before training may be ([draws, n]).

        normal: standard normal numbers ([draws]). A parameter is the recipe's own, and a known
        value of a file does not vary; while few are known, any other may be any of them.
        """
        told = self._expect(column, recipes)
        return np.expm1(told.mean + normal[:, None] * told.deviation)

    def _expect(self, column: str, recipes: Sequence[Point]) -> Expected:
        """Return the logarithm of one more than a column, which is 0 or above."""
        if column.startswith(_PARAM):
            own = [float(recipe[column.removeprefix(_PARAM)]) for recipe in recipes]
            return Expected(np.log1p(own), np.zeros(len(own)))
        known = {
            made: float(np.log1p(file.columns[column]))
            for made, file in self._known.items()
            if column in file.columns
        }
        told = np.array([known.get(_made_of(recipe), math.nan) for recipe in recipes])
        sure = ~np.isnan(told)
        if sure.all():
            return Expected(told, np.zeros(len(told)))
        mean, deviation = self._guess(column, known, recipes)
        return Expected(np.where(sure, told, mean), np.where(sure, 0.0, deviation))

    def _guess(self, column: str, known: dict[Any, float], recipes: Sequence[Point]) -> Expected:
        model = self._models.setdefault(column, Curves(self._features))
        model.learn(
            [Score(str(made), self._known[made].recipe, log) for made, log in known.items()]
        )
        if model.ready:
            return model.expect(recipes)
        logs = np.array(list(known.values()) or [0.0])
        spread = logs.std() if len(logs) > 1 else 1.0
        return Expected(np.full(len(recipes), logs.mean()), np.full(len(recipes), spread))


def _made_of(recipe: Point) -> Any:
    return tuple(recipe.get(name) for name in _MADE_OF)
