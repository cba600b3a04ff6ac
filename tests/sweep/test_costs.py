from __future__ import annotations

from typing import Any

import pytest

from paretint.sweep.costs import Costs
from paretint.sweep.history import History

Row = dict[str, Any]
STEPS = 100


def row(name: str, pairs: int, amplified: int, macs: int, **cost: float) -> Row:
    recipe = {"param.pairs": pairs, "param.amplified": amplified}
    return {"trial": name, **recipe, "size.macs": macs, **cost}


def history(*rows: Row) -> History:
    """Trials that were trained to their end, or as far as their `rung`."""
    seen = History()
    for told in rows:
        rung = told.pop("rung", STEPS)
        seen.saw_trial(told)
        seen.saw_rung({"trial": told["trial"], "rung": rung})
    return seen


def trained(name: str, macs: int, seconds: float, **more: Any) -> Row:
    return row(name, 5, 0, macs, **{"cost.train_s": seconds, "cost.amplify_s": 0.0}) | more


def recipe(pairs: int, amplified: int) -> Any:
    return {"pairs": pairs, "amplified": amplified}


def test_training_costs_its_arithmetic_and_a_start() -> None:
    seen = history(trained("t0", 1_000_000, 3.0), trained("t1", 5_000_000, 11.0))
    costs = Costs(seen, STEPS).of([recipe(5, 0)] * 2, [2_000_000, 4_000_000])
    assert costs.tolist() == pytest.approx([5.0, 9.0])


def test_what_stopped_counts_as_if_it_had_gone_on() -> None:
    half = trained("t0", 1_000_000, 2.0, rung=50)
    seen = history(half, trained("t1", 1_000_000, 4.0))
    assert Costs(seen, STEPS).of([recipe(5, 0)], [1_000_000]).tolist() == pytest.approx([4.0])


def test_images_that_are_made_cost_nothing_and_an_amplifier_only_once() -> None:
    amplified = [
        row("t0", 5, 100, 1, **{"cost.amplify_s": 30.0}),  # 10 s to fine-tune, 0.2 s an image
        row("t1", 5, 300, 1, **{"cost.amplify_s": 40.0}),
        row("t2", 2, 50, 1, **{"cost.amplify_s": 20.0}),
    ]
    costs = Costs(history(*amplified), STEPS)
    recipes = [recipe(5, 300), recipe(5, 400), recipe(10, 100), recipe(5, 0)]
    assert costs.of(recipes, [0.0] * 4).tolist() == pytest.approx([1e-3, 20.0, 30.0, 1e-3])


def test_settings_of_the_amplifier_make_another() -> None:
    made = row("t0", 5, 100, 1, **{"cost.amplify_s": 30.0}) | {"param.amplifier.steps": 2}
    other = {**recipe(5, 100), "amplifier.steps": 4}
    same = {**recipe(5, 100), "amplifier.steps": 2}
    cold, warm = Costs(history(made), STEPS).of([other, same], [0.0, 0.0])
    assert (cold, warm) == (pytest.approx(30.0), pytest.approx(1e-3))


def test_a_row_costs_what_is_left_of_its_training() -> None:
    seen = history(trained("t0", 1_000_000, 4.0), trained("t1", 1_000_000, 1.0, rung=25))
    assert Costs(seen, STEPS).of_row(seen.trials["t1"]) == pytest.approx(4.0)


def test_nothing_is_known_before_anything_was_paid() -> None:
    assert Costs(History(), STEPS).of([recipe(5, 100)], [1e6]).tolist() == [1e-3]
