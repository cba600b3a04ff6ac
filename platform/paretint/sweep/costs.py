"""What a recipe would cost, from what others did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from paretint.config import Point
from paretint.config.recipe import AMPLIFIER, LAMBDAS
from paretint.front.arrays import Floats
from paretint.sweep.history import History, Row, recipe_of

_AMPLIFIER = ("pairs", *LAMBDAS)
_LEAST_S = 1e-3


class Costs:
    """Seconds of work, fitted to the ledger's.

    A recipe pays for an amplifier that no earlier one has had fine-tuned, for the images beyond
    those that its amplifier has made, and for training, by its network's arithmetic.
    """

    def __init__(self, history: History, steps: int) -> None:
        """steps: those of a whole training."""
        self._history = history
        self._steps = steps

    def of(self, recipes: Sequence[Point], macs: ArrayLike) -> Floats:
        """Return the seconds ([n]) of recipes whose networks take so many MACs for a photo."""
        made: dict[object, int] = {}
        amplifying, told_s = [], []
        for row in self._history.trials.values():
            if row.get("cost.amplify_s") is not None:
                recipe = recipe_of(row)
                amplifying.append(_new(recipe, made))
                told_s.append(row["cost.amplify_s"])
                made[amplifier_of(recipe)] = max(_images(recipe), made.get(amplifier_of(recipe), 0))
        new = np.array([_new(recipe, made) for recipe in recipes], dtype=float).reshape(-1, 2)
        amplify = new @ _fitted(amplifying, told_s)
        works = np.stack([np.ones(len(recipes)), np.asarray(macs, dtype=float)], axis=1)
        return np.maximum(amplify + works @ self._training(), _LEAST_S)

    def of_row(self, row: Row) -> float:
        """Return the seconds that a trial would have come to, trained to its end."""
        return float(self.of([recipe_of(row)], [row["size.macs"]])[0])

    def _training(self) -> Floats:
        """Return the seconds of a whole training, and those for each MAC of the network."""
        works, told_s = [], []
        for row in self._history.trials.values():
            steps = max(self._history.rungs.get(row["trial"], {}), default=0)
            if steps and row.get("cost.train_s") is not None:
                works.append((1.0, float(row["size.macs"])))
                told_s.append(row["cost.train_s"] * self._steps / steps)
        return _fitted(works, told_s)


def _fitted(works: Sequence[Sequence[float]], seconds: Sequence[float]) -> Floats:
    """Return the least squares solution that is nowhere negative; zeros from nothing."""
    from scipy.optimize import nnls  # see `Foresight`

    if not works:
        return np.zeros(2)
    parts = np.array(works, dtype=float)
    scale = np.maximum(parts.max(axis=0), 1e-12)  # MACs are a billion times the one
    solution: Floats = nnls(parts / scale, np.array(seconds))[0] / scale
    return solution


def _new(recipe: Point, made: Mapping[object, int]) -> tuple[float, float]:
    """Return the amplifiers (0 or 1) and the images that a recipe needs and nobody has made."""
    if not _images(recipe):
        return 0.0, 0.0
    known = made.get(amplifier_of(recipe), 0)
    return float(not known), float(max(0, _images(recipe) - known))


def _images(recipe: Point) -> int:
    return int(recipe["amplified"])


def amplifier_of(recipe: Point) -> object:
    """Return what recipes with the same amplifier have in common."""
    return tuple(
        sorted((k, v) for k, v in recipe.items() if k in _AMPLIFIER or k.startswith(AMPLIFIER))
    )
