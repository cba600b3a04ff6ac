"""Constraints that nothing can meet, and bases that cannot serve, found before anything trains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from paretint.amplify import base_of
from paretint.config import Experiment, Recipe
from paretint.config.base import Scalar
from paretint.errors import UserError
from paretint.export import sizes
from paretint.front import nearest_miss, recipe_text
from paretint.student import fold_norms
from paretint.sweep.candidate import network_of
from paretint.sweep.history import Row, params_of
from paretint.sweep.proposals import candidates

_MOST = 1000
"""Recipes that are looked at; of more, and of endless spaces, nothing is said."""

_SIZES = ("size.params", "size.macs")
_BASE = ("base", "weights", "image_encoder")


def check_feasible(experiment: Experiment) -> None:
    """Raise UserError, with the nearest recipe, where none meets the rules that need no file.

    These are those on parameters, and on what a network has of parameters and arithmetic.
    """
    rules = [
        rule
        for rule in experiment.constraints
        if rule.column.startswith("param.") or rule.column in _SIZES
    ]
    if not rules:
        return
    points = candidates(experiment.search_space, _MOST + 1, np.random.default_rng(0))
    if len(points) > _MOST:
        return
    sized = any(rule.column in _SIZES for rule in rules)
    recipes = [experiment.recipe(point) for point in points]
    rows = []
    for point, row in zip(points, _rows(recipes, sized), strict=True):
        if all(rule.holds(row) for rule in rules):
            return
        rows.append(row | {"trial": recipe_text(params_of(point))})
    table = pl.DataFrame(rows, infer_schema_length=None)
    raise UserError(f"constraints: {nearest_miss(table, rules, rules[0].column, 'recipe')}")


def check_bases(experiment: Experiment) -> None:
    """Raise UserError where the weights of an amplifier that recipes may ask for cannot serve."""
    points = candidates(experiment.search_space, _MOST, np.random.default_rng(0))
    recipes = {_base(recipe): recipe for recipe in map(experiment.recipe, points)}
    for base, recipe in recipes.items():
        alone = recipe.model_copy(update={"amplifier": dict(base)})
        base_of(experiment.amplifier_of(alone))


def _base(recipe: Recipe) -> tuple[tuple[str, Scalar], ...]:
    """Return the settings of a recipe's amplifier that choose its base."""
    return tuple(item for item in sorted(recipe.amplifier.items()) if item[0] in _BASE)


def _rows(recipes: list[Recipe], sized: bool) -> Iterator[Row]:
    """Yield what is known of recipes, each network counted once."""
    known: dict[Any, Row] = {}
    for recipe in recipes:
        row = params_of(recipe.params())
        if sized:
            made_of = (*recipe.architecture.items(), recipe.input_size)
            if made_of not in known:
                network = fold_norms(network_of(recipe, seed=0).eval())
                known[made_of] = dict(zip(_SIZES, sizes(network, recipe.input_size), strict=True))
            row |= known[made_of]
        yield row
