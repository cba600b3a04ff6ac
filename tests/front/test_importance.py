from __future__ import annotations

import numpy as np
import optuna
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution
from optuna.importance import PedAnovaImportanceEvaluator

from paretint.front import Importances, importances, recipes
from paretint.front.importance import best_share
from paretint.front.recipes import Recipes

NAMES = ("param.a", "param.b", "param.c")


def scored(values: np.ndarray, scores: np.ndarray) -> Recipes:
    """Recipes of three parameters; -1 is of one that is not there."""
    columns = {
        name: [None if value < 0 else int(value) for value in column]
        for name, column in zip(NAMES, values.T, strict=True)
    }
    trials = [f"t{place:04}" for place in range(len(scores))]
    table = pl.DataFrame({"trial": trials, "state": "complete", "quality.psnr": scores, **columns})
    return recipes(table, "quality.psnr", "maximize")


def by_optuna(found: Recipes) -> dict[str, float]:
    """What Optuna's own PED-ANOVA says of the same."""
    study = optuna.create_study(direction="maximize")
    for row in found.table.iter_rows(named=True):
        params = {name: row[name] for name in found.params if row[name] is not None}
        choices = {
            name: CategoricalDistribution(found.table[name].drop_nulls().unique().sort().to_list())
            for name in params
        }
        study.add_trial(
            optuna.trial.create_trial(params=params, distributions=choices, value=row["value"])
        )
    share = best_share(found.table.height)
    evaluator = PedAnovaImportanceEvaluator(target_quantile=share)
    return optuna.importance.get_param_importances(study, evaluator=evaluator)


@settings(max_examples=10)
@given(st.integers(0, 2**16), st.integers(60, 120), st.booleans())
def test_shares_are_those_of_optuna(seed: int, count: int, conditional: bool) -> None:
    rng = np.random.default_rng(seed)
    values = rng.permutation(np.stack(np.unravel_index(np.arange(count), (6, 5, 4)), axis=1))
    scores = values[:, 0] + 0.5 * values[:, 1] + rng.normal(size=count)
    if conditional:
        values[values[:, 0] < 2, 2] = -1
        values = np.unique(values, axis=0)
        scores = scores[: len(values)]
    found = scored(values, scores)
    ours = {each.column: each.share.value for each in importances(found).told}
    assert ours == pytest.approx(by_optuna(found), rel=1e-6, abs=1e-9)


def test_what_decides_comes_first_and_intervals_hold_chance() -> None:
    rng = np.random.default_rng(0)
    values = np.stack(np.unravel_index(np.arange(400), (5, 8, 10)), axis=1)
    found = importances(scored(values, values[:, 1] + 0.1 * rng.normal(size=400))).told
    assert found[0].column == "param.b"
    assert sum(each.share.value for each in found) == pytest.approx(1)
    low, others = found[0].share.lo, [each.share.hi for each in found[1:]]
    assert low is not None
    assert all(high is not None and high < low for high in others)
    assert importances(scored(values, values[:, 1] + 0.0)) == importances(
        scored(values, values[:, 1] + 0.0)
    )


def test_nothing_is_said_of_few_recipes_or_of_equal_ones() -> None:
    values = np.stack(np.unravel_index(np.arange(9), (3, 3, 1)), axis=1)
    assert importances(scored(values, np.arange(9.0))) == Importances(0)
    more = np.stack(np.unravel_index(np.arange(12), (3, 2, 2)), axis=1)
    assert importances(scored(more, np.zeros(12))) == Importances(12)
    assert len(importances(scored(more, np.arange(12.0))).told) == 3


@pytest.mark.parametrize(("count", "share"), [(10, 0.5), (20, 0.25), (50, 0.1), (300, 0.1)])
def test_the_best_are_a_tenth_and_at_least_five(count: int, share: float) -> None:
    assert best_share(count) == share


def test_the_best_are_rounded_up_and_those_that_score_as_the_last_are_among_them() -> None:
    values = np.stack(np.unravel_index(np.arange(52), (13, 2, 2)), axis=1)
    scores = np.arange(52.0)
    assert importances(scored(values, scores)).best == 6
    assert importances(scored(values, np.minimum(scores, 40))).best == 12
