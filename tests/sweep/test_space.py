from __future__ import annotations

import itertools
from typing import Any

import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paretint.config import Budget, Experiment, Point, SearchSpace, load_experiment
from paretint.sweep.space import planned, sampler, suggest

PARAMETERS: dict[str, Any] = {
    "pairs": {"choices": [2, 5, 10]},
    "amplified": {"choices": [0, 100]},
    "width": {"int": [4, 12], "step": 4},
    "blocks": 4,
}
LAMBDA = {"lambda_makeup": {"float": [0.5, 1.5]}}
RATE = {"learning_rate": {"float": [1e-4, 1e-2], "log": True}}

QUICKSTART = load_experiment("quickstart")
GRID_POINTS = st.fixed_dictionaries(
    {},
    optional={
        "pairs": st.sampled_from([2, 5, 10]),
        "amplified": st.sampled_from([0, 100]),
        "width": st.sampled_from([4, 8, 12]),
    },
)


def space(kind: str = "grid", *first: Point, **more: Any) -> SearchSpace:
    return SearchSpace.model_validate(
        {"sampler": kind, "parameters": PARAMETERS | more, "first": list(first)}
    )


def over(space: SearchSpace, seed: int = 0, trials: int = 100) -> Experiment:
    """The quickstart's experiment over another space."""
    changes = {"search_space": space, "seed": seed, "budget": Budget(trials=trials)}
    return QUICKSTART.model_copy(update=changes)


def asked(space: SearchSpace, seed: int, count: int) -> list[Point]:
    """The points that a new study asks for, each told at once what its own values add up to."""
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler(space, seed))
    points = []
    for number in range(count):
        trial = study.ask()
        points.append(suggest(trial, space))
        study.tell(trial, [sum(map(float, points[-1].values())), number % 3])
    return points


def as_set(points: list[Point]) -> set[tuple[Any, ...]]:
    return {tuple(point[name] for name in ("pairs", "amplified", "width")) for point in points}


def test_a_grid_is_every_combination_of_what_varies() -> None:
    values = itertools.product([2, 5, 10], [0, 100], [4, 8, 12])
    expected = [dict(zip(("pairs", "amplified", "width"), point, strict=True)) for point in values]
    assert list(space().points()) == expected


def test_a_grid_is_planned_whole_the_chosen_points_first() -> None:
    chosen: list[Point] = [
        {"pairs": 5, "amplified": 100, "width": 8},
        {"pairs": 2, "amplified": 0, "width": 4},
    ]
    points = planned(over(space("grid", *chosen)))
    assert points[:2] == chosen
    assert len(points) == len(as_set(points)) == 18


def test_a_chosen_point_that_leaves_a_parameter_open_is_the_first_left_that_agrees() -> None:
    points = planned(over(space("grid", {"width": 8}, {"width": 8}, {"pairs": 5})))
    assert points[:3] == [
        {"pairs": 2, "amplified": 0, "width": 8},
        {"pairs": 2, "amplified": 100, "width": 8},
        {"pairs": 5, "amplified": 0, "width": 4},
    ]


@given(first=st.lists(GRID_POINTS, max_size=20), seed=st.integers(0, 2**32 - 1))
def test_a_grid_s_points_are_planned_once_each_whatever_is_chosen(
    first: list[Point], seed: int
) -> None:
    points = planned(over(space("grid", *first), seed))
    assert len(points) == 18
    assert as_set(points) == as_set(list(space().points()))
    assert not first or first[0].items() <= points[0].items()


def test_the_seed_shuffles_what_was_not_chosen() -> None:
    chosen: Point = {"pairs": 10, "amplified": 100, "width": 12}
    first, again, other = (planned(over(space("grid", chosen), seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first[0] == other[0] == chosen
    assert first[1:] != [point for point in list(space().points()) if point != chosen]


@given(trials=st.integers(1, 20), seed=st.integers(0, 2**32 - 1))
def test_points_with_one_amplifier_come_together(trials: int, seed: int) -> None:
    varying = space("grid", lambda_makeup={"choices": [0.8, 1.0]})
    points = planned(over(varying, seed, trials))
    assert len(points) == trials
    amplifiers = [(point["pairs"], point["lambda_makeup"]) for point in points]
    assert len([*itertools.groupby(amplifiers)]) == len(set(amplifiers))


def test_a_budget_smaller_than_a_grid_covers_it_as_the_seed_has_it() -> None:
    most = [len({p["pairs"] for p in planned(over(space(), seed, 6))}) for seed in range(100)]
    assert sum(most) / 100 == pytest.approx(2.9, abs=0.1)  # of the three numbers of pairs


@pytest.mark.parametrize("kind", ["tpe", "gp", "nsga2", "qmc", "random"])
def test_another_sampler_is_given_the_chosen_points_as_they_are(kind: str) -> None:
    chosen: list[Point] = [{"width": 8}, {"pairs": 5, "width": 8}, {"width": 8}]
    assert planned(over(space(kind, *chosen))) == chosen
    assert planned(over(space(kind))) == []


@pytest.mark.parametrize("kind", ["tpe", "gp", "nsga2", "qmc", "random"])
@settings(max_examples=5)
@given(seed=st.integers(0, 2**32 - 1))
def test_samplers_ask_for_points_of_the_space(kind: str, seed: int) -> None:
    wanted = space(kind, **LAMBDA, **RATE)
    points = asked(wanted, seed, 15)
    assert all(list(point) == list(wanted.varying) for point in points)
    assert all(
        dimension.contains(point[name])
        for point in points
        for name, dimension in wanted.varying.items()
    )
    assert len({point["learning_rate"] for point in points}) > 5


@pytest.mark.parametrize("kind", ["tpe", "gp", "nsga2", "qmc", "random"])
def test_the_seed_decides_the_points(kind: str) -> None:
    first, again, other = (asked(space(kind, **LAMBDA), seed, 15) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_numbers_keep_the_type_of_their_parameter() -> None:
    mixed = space("random", pairs={"int": [1, 9]}, amplified={"int": [1, 4096], "log": True})
    (point,) = asked(mixed, 0, 1)
    assert {name: type(value) for name, value in point.items()} == dict.fromkeys(point, int)
