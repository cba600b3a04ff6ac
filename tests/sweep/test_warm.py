"""What a run learns from an earlier one, from made-up ledgers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment, SearchSpace, parse_rule
from paretint.store import Ledger, Run
from paretint.sweep.foresight import Earlier, Foresight
from paretint.sweep.history import History, params_of
from paretint.sweep.study import open_study
from paretint.sweep.warm import best_points, point_of

Make = Callable[..., Run]
FPS = {8: 900.0, 16: 400.0, 24: 200.0}
FRONT = [(10, 1000, 8), (10, 1000, 16), (10, 1000, 24)]
OTHERS = [(2, 0, 8), (5, 250, 8), (2, 1000, 16), (5, 0, 24), (10, 0, 8)]


def space(sampler: str = "ehvi", **changes: Any) -> SearchSpace:
    parameters = {
        "pairs": {"choices": [2, 5, 10]},
        "amplified": {"choices": [0, 250, 1000]},
        "width": {"choices": [8, 16, 24]},
    }
    return SearchSpace.model_validate({"sampler": sampler, "parameters": parameters | changes})


def write(run: Run, offset: float = 0.0) -> Run:
    """Write complete trials whose PSNR rises with pairs, images and width, and their rungs."""
    for number, (pairs, amplified, width) in enumerate([*OTHERS, *FRONT]):
        point = {"pairs": pairs, "amplified": amplified, "width": width}
        psnr = 30.5 + offset + pairs / 5 + amplified / 500 + width / 16
        recipe, name = run.experiment.recipe(point), f"t{number:04d}"
        row = {"trial": name, "state": "complete", **params_of(recipe.params())}
        Ledger(run).write_trial(row | {"quality.psnr": psnr, "speed.fps": FPS[width]})
        for rung, behind in ((10, 1.0), (20, 0.0)):
            Ledger(run).write_rung({"trial": name, "rung": rung, "quality.psnr": psnr - behind})
    return run


@pytest.fixture
def after(experiment: Experiment, tmp_path: Path) -> Make:
    """Gives a run that learns from an earlier one of the made-up experiment."""
    earlier = write(Run.create(tmp_path / "earlier", experiment))

    def make(searched: SearchSpace, *rules: str) -> Run:
        changes = {"search_space": searched, "constraints": tuple(map(parse_rule, rules))}
        changed = experiment.model_copy(update=changes)
        return Run.create(tmp_path / "new", changed, earlier)

    return make


def test_a_run_has_the_tables_of_the_one_it_learns_from(after: Make, tmp_path: Path) -> None:
    run = after(space())
    assert run.earlier is not None
    assert Ledger(run.earlier).trials().equals(Ledger(Run.open(tmp_path / "earlier")).trials())
    assert Ledger(run.earlier).rungs().height == 2 * len([*OTHERS, *FRONT])
    assert Ledger(run).trials().is_empty()
    assert Run.open(tmp_path / "earlier").earlier is None


def test_its_front_goes_first_then_the_next_layer(after: Make) -> None:
    points = [tuple(point.values()) for point in best_points(after(space()))]
    assert sorted(points[:3]) == sorted(FRONT)
    assert len(points) == 6
    assert (2, 0, 8) not in points


def test_what_breaks_a_rule_or_lies_outside_the_space_does_not_go_first(after: Make) -> None:
    run = after(space(width={"choices": [16, 24]}, pairs={"choices": [5, 10]}), "speed.fps >= 300")
    assert best_points(run) == [{"pairs": 10, "amplified": 1000, "width": 16}]


@pytest.mark.parametrize("sampler", ["ehvi", "tpe", "random", "grid"])
def test_the_study_asks_for_its_best_first(after: Make, sampler: str) -> None:
    run = after(space(sampler))
    study = open_study(run)
    asked = [trial.system_attrs["fixed_params"] for trial in study.get_trials()[:3]]
    assert asked == best_points(run)[:3]


def test_a_recipe_is_a_point_only_with_all_that_varies() -> None:
    assert point_of(space(), {"pairs": 5, "amplified": 0, "width": 8, "blocks": 2}) == {
        "pairs": 5, "amplified": 0, "width": 8,
    }  # fmt: skip
    assert point_of(space(), {"pairs": 5, "amplified": 0, "width": 9}) is None
    assert point_of(space(), {"pairs": 5, "amplified": 0, "width": None}) is None


def test_a_recipe_that_has_another_constant_is_none_of_the_space() -> None:
    chosen = {"pairs": 5, "amplified": 0, "width": 8}
    for precision, there in (("fp32", False), ("int8", True), (None, True)):
        found = point_of(space(precision="int8"), {**chosen, "precision": precision})
        assert found == (chosen if there else None)


def test_recipes_that_differ_in_what_does_not_vary_any_more_go_first_once(after: Make) -> None:
    run = after(space(), "speed.fps >= 0")
    assert run.earlier is not None
    for number, row in enumerate(Ledger(run.earlier).trials().to_dicts()):
        again = {"trial": f"t{number + 8:04d}", "seed": 8, "param.precision": "int8"}
        Ledger(run.earlier).write_trial(row | again)
    points = [tuple(point.values()) for point in best_points(run)]
    assert len(set(points)) == len(points) == 6


def test_before_its_first_trial_it_expects_what_the_earlier_one_came_to(after: Make) -> None:
    run = after(space())
    recipes = [
        run.experiment.recipe(
            dict(zip(("pairs", "amplified", "width"), point, strict=True))
        ).params()
        for point in ((10, 1000, 24), (2, 250, 8))
    ]
    assert not Foresight(run.experiment, History()).learn()
    foresight = Foresight(run.experiment, History(), Earlier.of(run))
    assert foresight.learn()
    best, worst = -foresight.draws(recipes)[:, :, 0].mean(axis=0)
    assert best > worst + 1


def test_its_own_trials_count_for_more_than_the_earlier_ones(
    after: Make, experiment: Experiment, tmp_path: Path
) -> None:
    run = after(space())
    better = History.of(write(Run.create(tmp_path / "better", experiment), offset=3.0))
    foresight = Foresight(run.experiment, better, Earlier.of(run))
    assert foresight.learn()
    told = next(row for row in better.trials.values() if row["trial"] == "t0007")
    recipe = {n.removeprefix("param."): v for n, v in told.items() if n.startswith("param.")}
    expected = -foresight.draws([recipe])[:, 0, 0].mean()
    assert expected == pytest.approx(told["quality.psnr"], abs=0.5)  # the earlier one said 3 less
