from __future__ import annotations

from typing import Any

import pytest
from ray.tune.search import Searcher

from paretint.config import Budget, Experiment
from paretint.store import Run
from paretint.sweep.history import History, params_of
from paretint.sweep.repeats import Repeats
from paretint.sweep.search import Search
from paretint.sweep.study import open_study

Row = dict[str, Any]
WIDTHS = {8: 900.0, 16: 400.0, 24: 200.0}


def row(experiment: Experiment, number: int, width: int, psnr: float, **more: Any) -> Row:
    """A complete trial, whose PSNR is known to half a dB (95 %)."""
    recipe = experiment.recipe({"pairs": 5, "amplified": 250, "width": width})
    scores = {"quality.psnr": psnr, "quality.psnr_lo": psnr - 0.5, "quality.psnr_hi": psnr + 0.5}
    told = {"trial": f"t{number:04d}", "state": "complete", "seed": 7, "speed.fps": WIDTHS[width]}
    return told | params_of(recipe.params()) | scores | more


@pytest.fixture
def history(experiment: Experiment) -> History:
    """Three widths: whether the middle one is of the front is as good as open."""
    history = History()
    for number, (width, psnr) in enumerate([(8, 35.0), (16, 35.1), (24, 37.0)]):
        history.saw_trial(row(experiment, number, width, psnr))
    return history


def test_the_recipe_whose_place_is_open_is_tried_again(
    experiment: Experiment, history: History
) -> None:
    assert Repeats(experiment, history).next() == {"pairs": 5, "amplified": 250, "width": 16}


def test_each_of_its_trials_has_another_seed(experiment: Experiment, history: History) -> None:
    repeats = Repeats(experiment, history)
    middle = experiment.recipe({"pairs": 5, "amplified": 250, "width": 16}).params()
    assert repeats.seed(middle) == 8
    history.saw_trial(row(experiment, 3, 16, 35.0) | {"state": None})
    assert repeats.seed(middle) == 9
    history.saw_trial(row(experiment, 3, 16, 35.0) | {"state": "failed"})  # it may be tried again
    assert repeats.seed(middle) == 8
    assert repeats.seed({**middle, "pairs": 2}) == 7


def test_a_recipe_that_was_stopped_is_taken_up_with_its_seed(
    experiment: Experiment, history: History
) -> None:
    repeats = Repeats(experiment, history)
    history.saw_trial(row(experiment, 1, 16, 35.1) | {"state": "stopped"})
    middle = experiment.recipe({"pairs": 5, "amplified": 250, "width": 16}).params()
    assert repeats.seed(middle) == 7
    history.saw_trial(row(experiment, 3, 16, 35.1))
    assert repeats.seed(middle) > 7


def test_nothing_is_tried_again_where_all_places_are_settled(experiment: Experiment) -> None:
    history = History()
    assert Repeats(experiment, history).next() is None
    for number, (width, psnr) in enumerate([(8, 33.0), (16, 36.0), (24, 30.0)]):
        history.saw_trial(row(experiment, number, width, psnr))
    assert Repeats(experiment, history).next() is None


@pytest.mark.parametrize("sampler", ["ehvi", "grid"])  # others may repeat a recipe before
def test_a_sweep_repeats_only_once_its_own_recipes_have_begun(
    experiment: Experiment, history: History, tmp_path: Any, sampler: str
) -> None:
    space = experiment.search_space.model_copy(update={"sampler": sampler})
    budget = Budget(trials=4, replicates=2)
    changes = {"search_space": space, "budget": budget, "stopping": None}
    run = Run.create(tmp_path / "run", experiment.model_copy(update=changes))
    study = open_study(run)
    search = Search.of(run, study)
    for told in history.trials.values():
        study.ask()
        search.history.saw_trial(told)
    asked = [search.searcher.suggest("") for _ in range(4)]
    assert [config["seed"] for config in asked[:3]] == [7, 8, 9]
    assert {config["point"]["width"] for config in asked[1:3]} == {16}
    assert asked[3] == Searcher.FINISHED


def test_a_sweep_ends_where_nothing_is_open(experiment: Experiment, tmp_path: Any) -> None:
    changes = {"budget": Budget(trials=1, replicates=2)}
    run = Run.create(tmp_path / "run", experiment.model_copy(update=changes))
    study = open_study(run)
    search = Search.of(run, study)
    study.ask()
    search.history.saw_trial(row(experiment, 0, 8, 33.0))
    assert search.searcher.suggest("") == Searcher.FINISHED
    assert search.searcher.ended == "no place on the front is uncertain"


def test_a_sweep_waits_for_what_runs_before_it_ends(experiment: Experiment, tmp_path: Any) -> None:
    changes = {"budget": Budget(trials=3, replicates=2), "stopping": None}
    run = Run.create(tmp_path / "run", experiment.model_copy(update=changes))
    study = open_study(run)
    search = Search.of(run, study)
    for _ in range(3):
        study.ask()
    search.history.saw_trial(row(experiment, 0, 8, 33.0))
    search.history.saw_trial(row(experiment, 1, 16, 36.0))
    search.history.saw_trial(row(experiment, 2, 24, 0.0, state=None))
    assert [search.searcher.suggest("") for _ in range(2)] == [None, None]
    assert search.searcher.ended is None
    search.history.saw_trial(row(experiment, 2, 24, 36.1))
    config = search.searcher.suggest("")
    assert config["point"]["width"] == 24
    assert config["seed"] == 8
