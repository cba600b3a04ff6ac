"""What the search decides, from made-up ledgers: no process, no training."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
import pytest
from ray.tune.search import Searcher

from paretint.config import Budget, Experiment, Objective, SearchSpace, Stopping, parse_rule
from paretint.store import Run
from paretint.sweep.foresight import Foresight
from paretint.sweep.halving import Halving
from paretint.sweep.history import History, params_of, recipe_of
from paretint.sweep.proposals import Proposals, candidates
from paretint.sweep.repeats import Repeats
from paretint.sweep.searcher import StudySearcher
from paretint.sweep.spending import Spending

Row = dict[str, Any]
Make = Callable[..., Experiment]
PARAMETERS = {
    "pairs": {"choices": [2, 5, 10]},
    "amplified": {"choices": [0, 250, 1000]},
    "width": {"choices": [8, 16, 24]},
}
FPS = {8: 900.0, 16: 400.0, 24: 200.0}
STEPS = 20


@pytest.fixture
def make(experiment: Experiment) -> Make:
    """Gives the made-up experiment with another sampler, rules, budget or stopping."""

    def changed(sampler: str = "ehvi", *rules: str, **changes: Any) -> Experiment:
        space = {"sampler": sampler, "parameters": PARAMETERS, "first": changes.pop("first", [])}
        told = {
            "search_space": SearchSpace.model_validate(space),
            "constraints": tuple(parse_rule(rule) for rule in rules),
            "budget": Budget(trials=100),
        }
        return experiment.model_copy(update=told | changes)

    return changed


def psnr(pairs: int, amplified: int, width: int) -> float:
    """What pairs, images and width would add up to, without luck."""
    return 30.5 + pairs / 5 + amplified / 500 + width / 16


def trial(experiment: Experiment, point: tuple[int, int, int], name: str, **more: Any) -> Row:
    """A complete trial's row."""
    recipe = experiment.recipe(dict(zip(PARAMETERS, point, strict=True)))
    file = {"size.macs": point[2] ** 2 * 1000, "size.onnx_bytes": 1000, "speed.fps": FPS[point[2]]}
    score = {"quality.psnr": psnr(*point), "cost.train_s": point[2] / 8, "cost.amplify_s": 0.0}
    row = {"trial": name, "state": "complete", "reason": None, **params_of(recipe.params())}
    return row | file | score | more


def seen(experiment: Experiment, *points: tuple[int, int, int]) -> History:
    """A history of complete trials, whose quality rises by a dB from the first rung to the last."""
    history = History()
    for number, point in enumerate(points):
        row = trial(experiment, point, f"t{number:04d}")
        history.saw_trial(row)
        for rung, behind in ((10, 1.0), (20, 0.0)):
            score = {"quality.psnr": row["quality.psnr"] - behind}
            history.saw_rung({"trial": row["trial"], "rung": rung, **score})
    return history


EIGHT = [
    (2, 0, 8), (5, 250, 8), (10, 0, 16), (2, 1000, 16),
    (5, 0, 24), (10, 250, 24), (2, 250, 16), (5, 1000, 24),
]  # fmt: skip


def test_before_enough_is_known_any_recipe_that_was_not_tried_is_proposed(make: Make) -> None:
    experiment = make()
    history = seen(experiment, *EIGHT[:2])
    point = Proposals(experiment, history, Foresight(experiment, history)).best()
    assert point is not None
    assert tuple(point.values()) not in EIGHT[:2]


def test_the_best_that_is_left_of_the_fastest_and_of_the_widest_is_proposed(make: Make) -> None:
    experiment = make()
    history = seen(experiment, *EIGHT)
    point = Proposals(experiment, history, Foresight(experiment, history)).best()
    assert point == {"pairs": 10, "amplified": 1000, "width": 8}  # most fps a dB
    history.saw_trial(trial(experiment, (10, 1000, 8), "t0008"))
    point = Proposals(experiment, history, Foresight(experiment, history)).best()
    assert point is not None
    assert (point["pairs"], point["amplified"]) == (10, 1000)


def test_nothing_is_proposed_where_all_was_tried_or_is_known_to_break_a_rule(make: Make) -> None:
    experiment = make("ehvi", "speed.fps >= 300")
    fast = [
        p
        for p in candidates(experiment.search_space, 99, np.random.default_rng())
        if p["width"] != 24
    ]
    history = seen(experiment, (5, 0, 24), *(tuple(p[n] for n in PARAMETERS) for p in fast))  # type: ignore[misc]
    assert Proposals(experiment, history, Foresight(experiment, history)).best() is None


def test_where_all_was_tried_what_was_stopped_too_soon_is_taken_up_again(make: Make) -> None:
    experiment = make(stopping=Stopping())
    every = candidates(experiment.search_space, 99, np.random.default_rng(0))
    history = seen(experiment, *(tuple(point[name] for name in PARAMETERS) for point in every))  # type: ignore[misc]
    best, weak = (10, 1000, 16), (2, 0, 16)
    for row in history.trials.values():
        if tuple(row[f"param.{name}"] for name in PARAMETERS) in (best, weak):
            row |= {"state": "stopped", "seed": 7}
            del history.rungs[row["trial"]][STEPS]
    foresight = Foresight(experiment, history)
    point = Proposals(experiment, history, foresight).best()
    assert point == dict(zip(PARAMETERS, best, strict=True))
    seed = Repeats(experiment, history).seed(experiment.recipe(point).params())
    assert seed == 7
    history.saw_trial(trial(experiment, best, "t0099", state=None, seed=seed))
    assert Proposals(experiment, history, foresight).best() is None  # the other is beaten still


def test_a_trial_that_was_taken_up_again_goes_on_to_its_end(make: Make) -> None:
    experiment = make(stopping=Stopping())
    history = seen(experiment, *EIGHT, (10, 1000, 8), (10, 1000, 16), (10, 1000, 24))
    halving = Halving(experiment, history, Foresight(experiment, history))
    for name, seed in (("t0097", 7), ("t0098", 7), ("t0099", 8)):
        weak = trial(experiment, (2, 0, 24), name, state=None, seed=seed)
        history.saw_trial(weak)
        history.saw_rung({"trial": name, "rung": 10, "quality.psnr": weak["quality.psnr"] - 1})
        stops = halving.verdict(name, 10) is not None
        assert stops == (name != "t0098"), name
        history.saw_trial(weak | {"state": "stopped" if stops else "complete"})


def searcher(experiment: Experiment, history: History) -> tuple[StudySearcher, list[Row]]:
    """A searcher over a study in memory, and the rows that it records itself."""
    goals = [objective.goal for objective in experiment.objectives]
    study, recorded = optuna.create_study(directions=goals), []

    def record(row: Row) -> None:
        recorded.append(row)
        history.saw_trial(row)
        state = optuna.trial.TrialState.PRUNED
        study.tell(int(row["trial"][1:]), state=state)

    study.sampler = optuna.samplers.RandomSampler(seed=0)
    for _ in history.trials:
        study.tell(study.ask(), state=optuna.trial.TrialState.PRUNED)
    foresight = Foresight(experiment, history)
    return StudySearcher(experiment, study, history, foresight, record), recorded


def test_a_recipe_that_is_surely_beaten_never_trains(make: Make) -> None:
    budget = Budget(trials=40)
    experiment = make("random", stopping=Stopping(dominated=0.9), budget=budget)
    history = seen(experiment, *EIGHT, (10, 1000, 8), (10, 1000, 16), (10, 1000, 24))
    search, recorded = searcher(experiment, history)
    asked = []
    while (told := search.suggest("")) != Searcher.FINISHED:
        asked.append(told)
        history.saw_trial(trial(experiment, tuple(told["point"].values()), told["trial"]))  # type: ignore[arg-type]
    assert len(history.trials) == 40
    beaten = [row for row in recorded if row["state"] == "stopped"]
    assert len(beaten) > 15
    told = r"others beat it with probability (0\.9\d|1\.00), so it never trained"
    assert all(re.fullmatch(told, row["reason"]) for row in beaten)
    assert all(row["speed.fps"] == FPS[row["param.width"]] for row in beaten)


def test_a_recipe_whose_file_breaks_a_rule_never_trains_once_the_file_is_known(make: Make) -> None:
    experiment = make("random", "speed.fps >= 300", stopping=None, budget=Budget(trials=30))
    search, recorded = searcher(experiment, seen(experiment, (5, 0, 24)))
    while search.suggest("") != Searcher.FINISHED:
        pass
    assert recorded
    assert {row["param.width"] for row in recorded} == {24}
    assert recorded[0]["reason"] == "speed.fps >= 300 does not hold: 200.0"


def test_a_point_that_a_person_chose_is_tried(make: Make) -> None:
    chosen = {"pairs": 2, "amplified": 0, "width": 24}
    experiment = make("random", first=[chosen])
    search, recorded = searcher(experiment, seen(experiment, *EIGHT, (10, 1000, 24)))
    search._study.enqueue_trial(chosen)
    assert search.suggest("")["point"] == chosen
    assert recorded == []


@pytest.mark.parametrize(
    ("budget", "why"),
    [
        (Budget(trials=100, seconds=1e-9), "budget.seconds: 1e-09"),
        (Budget(trials=100, gpu_seconds=5), "budget.gpu_seconds: 5"),
        (Budget(trials=100, stall=3), "budget.stall: 3 trials in a row added nothing"),
        (Budget(trials=8), None),
    ],
)
def test_a_budget_that_is_used_up(make: Make, budget: Budget, why: str | None) -> None:
    experiment = make(budget=budget)
    history = seen(experiment, (10, 1000, 8), (10, 1000, 16), (10, 1000, 24), *EIGHT[:5])
    history.trials["t0000"]["cost.gpu_s"] = 6.0
    search, _ = searcher(experiment, history)
    assert search.suggest("") == Searcher.FINISHED
    assert (search.ended or "").startswith(why or "")
    assert (search.ended is None) == (why is None)


def test_trials_stall_in_the_order_in_which_they_end(make: Make) -> None:
    """The first to begin is the best, and the last to end."""
    experiment, history = make(budget=Budget(trials=100, stall=3)), History()
    best = trial(experiment, (10, 1000, 8), "t0000")
    history.saw_trial(best | {"state": None})
    for number, point in enumerate(EIGHT[:3], start=1):
        history.saw_trial(trial(experiment, point, f"t{number:04d}"))
    history.saw_trial(best)
    assert Spending(experiment, history).used_up() is None
    for number, point in enumerate(EIGHT[:3], start=4):
        assert Spending(experiment, history).used_up() is None
        history.saw_trial(trial(experiment, point, f"t{number:04d}"))
    assert Spending(experiment, history).used_up() is not None


@pytest.mark.parametrize(("eta", "stops"), [(1.0001, False), (3.0, True)])
def test_a_trial_that_is_behind_and_will_be_beaten_stops(
    make: Make, eta: float, stops: bool
) -> None:
    experiment = make(stopping=Stopping(eta=eta))
    history = seen(experiment, *EIGHT, (10, 1000, 8), (10, 1000, 16), (10, 1000, 24))
    weak = trial(experiment, (2, 0, 24), "t0099", state=None)
    history.saw_trial(weak)
    history.saw_rung({"trial": "t0099", "rung": 10, "quality.psnr": weak["quality.psnr"] - 1})
    halving = Halving(experiment, history, Foresight(experiment, history))
    verdict = halving.verdict("t0099", 10)
    assert halving.verdict("t0099", STEPS) is None
    assert (verdict is not None) == stops
    if verdict is not None:
        assert verdict.startswith("place 12 of 12 after 10 steps, and others will beat it with")


def test_nothing_stops_before_the_curves_are_known(make: Make) -> None:
    experiment = make(stopping=Stopping(eta=3.0))
    history = seen(experiment, (10, 1000, 8), (2, 0, 24), (2, 0, 16))
    halving = Halving(experiment, history, Foresight(experiment, history))
    assert [halving.verdict(name, 10) for name in history.trials] == [None, None, None]


def test_objectives_that_no_rung_tells(make: Make) -> None:
    told = [("quality.lpips", "minimize", 1.0), ("cost.train_s", "minimize", 9.0)]
    told += [("param.pairs", "minimize", 20.0)]
    objectives = tuple(Objective(column=c, goal=g, reference=r) for c, g, r in told)  # type: ignore[arg-type]
    experiment = make(objectives=objectives)
    history = seen(experiment, *EIGHT)
    for row in history.trials.values():
        row["quality.lpips"] = 1 / row["quality.psnr"]
    foresight = Foresight(experiment, history)
    assert foresight.learn()
    losses = foresight.draws([recipe_of(row) for row in history.trials.values()])
    assert losses[0, :, 2].tolist() == pytest.approx([point[0] for point in EIGHT])
    assert Proposals(experiment, history, foresight).best() is not None
    assert Halving(experiment, history, foresight).verdict("t0000", 10) is None


def test_a_resumed_search_knows_what_the_ledger_knows(run: Run) -> None:
    history = History.of(run)
    assert len(history.trials) == 14
    assert history.running == 0
    assert [row["trial"] for row in history.in_state("stopped")] == ["t0012"]


def test_a_rung_that_is_seen_twice_is_nothing_new() -> None:
    history = History()
    for _ in range(2):
        history.saw_rung({"trial": "t0000", "rung": 10, "quality.psnr": 31.0})
    assert history.seen == 1


def test_a_quality_that_is_no_number_is_behind_and_teaches_as_the_reference_does(
    make: Make,
) -> None:
    experiment = make()
    history = seen(experiment, *EIGHT)
    row = trial(experiment, (2, 0, 24), "t0099", state=None, **{"quality.psnr": None})
    history.saw_trial(row)
    history.saw_rung({"trial": "t0099", "rung": 10, "quality.psnr": math.nan})
    foresight = Foresight(experiment, history)
    assert foresight.learn()
    assert np.isfinite(foresight.draws([recipe_of(row)])).all()
    verdict = Halving(experiment, history, foresight).verdict("t0099", 10)
    assert verdict is None or verdict.startswith("place 9 of 9")


def test_an_objective_that_is_0_is_known(make: Make) -> None:
    gate = Objective(column="gate.warnings", goal="minimize", reference=9.0)
    experiment = make(objectives=(*make().objectives, gate))
    history = seen(experiment, *EIGHT)
    for row in history.trials.values():
        row["gate.warnings"] = 0 if row["param.width"] == 8 else 3
    foresight = Foresight(experiment, history)
    foresight.learn()
    losses = foresight.draws([recipe_of(row) for row in history.trials.values()])
    assert losses[0, :, 2].tolist() == pytest.approx([0, 0, 3, 3, 3, 3, 3, 3])
