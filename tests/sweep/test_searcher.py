from __future__ import annotations

from collections.abc import Callable

from ray import cloudpickle

from paretint.store import Run
from paretint.sweep.search import Search
from paretint.sweep.study import open_study

NewRun = Callable[..., Run]
POINT = {"pairs": 5, "amplified": 100, "width": 8}


def test_it_names_trials_in_order_and_takes_the_queue_first(new_run: NewRun) -> None:
    run = new_run("random", [POINT])
    study = open_study(run)
    searcher = Search.of(run, study).searcher
    first, second = searcher.suggest("one"), searcher.suggest("two")
    assert first == {"trial": "t0000", "point": POINT, "seed": 7}
    assert second["trial"] == "t0001"
    assert second["point"] == study.trials[1].params


def test_a_result_is_told_by_the_recorder_alone(new_run: NewRun) -> None:
    run = new_run()
    study = open_study(run)
    searcher = Search.of(run, study).searcher
    searcher.suggest("one")
    searcher.on_trial_complete("one", {"row/state": "complete"})
    assert [trial.state.name for trial in study.trials] == ["RUNNING"]


def test_it_is_saved_with_nothing_in_it_that_cannot_be_pickled(new_run: NewRun) -> None:
    run = new_run()
    searcher = Search.of(run, open_study(run)).searcher
    again = cloudpickle.loads(cloudpickle.dumps(searcher))
    assert again.suggest("one")["trial"] == "t0000"
