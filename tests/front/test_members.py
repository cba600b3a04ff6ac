from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.config import Objective, parse_rule
from paretint.front import complete, front, front_volume, meeting


def test_front_holds_complete_trials_best_quality_first(
    rows: list[dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    members = front(pl.DataFrame(rows), objectives)
    assert members["trial"].to_list() == ["t0011", "t0007", "t0003"]
    assert "size.params" in members.columns


def test_a_stopped_trial_is_never_on_the_front(
    row: Callable[..., dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    trials = pl.DataFrame(
        [
            row("t0000", 5, 0, 8, 35.0, 100.0),
            row("t0001", 5, 0, 8, 39.0, 900.0, state="stopped"),
            row("t0002", 5, 0, 8, 39.0, None),
        ]
    )
    assert front(trials, objectives)["trial"].to_list() == ["t0000"]


def test_volume_is_over_the_stored_references(
    row: Callable[..., dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    trials = pl.DataFrame([row("t0000", 5, 0, 8, 33.0, 120.0), row("t0001", 5, 0, 8, 31.0, 220.0)])
    assert front_volume(trials, objectives) == pytest.approx(3 * 100 + 1 * 100)


@pytest.mark.parametrize("states", [[], ["failed"]])
def test_a_ledger_without_scores_has_an_empty_front(
    states: list[str], objectives: tuple[Objective, ...]
) -> None:
    trials = pl.DataFrame({"trial": ["t"] * len(states), "state": states})
    assert front(trials, objectives).is_empty()
    assert front_volume(trials, objectives) == 0.0


def test_not_a_number_is_not_measured(
    row: Callable[..., dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    nan = float("nan")
    trials = pl.DataFrame([row("t0000", 5, 0, 8, nan, 900.0), row("t0001", 5, 0, 8, 33.0, 80.0)])
    assert front(trials, objectives)["trial"].to_list() == ["t0001"]
    assert complete(trials)["quality.psnr"].to_list() == [None, 33.0]


def test_complete_asks_for_a_value_in_each_column(rows: list[dict[str, Any]]) -> None:
    trials = pl.DataFrame(rows)
    assert complete(trials).height == 12
    assert complete(trials, ["quality.lpips"]).is_empty()


def test_trials_that_meet_every_rule() -> None:
    rows = pl.DataFrame({"trial": ["a", "b", "c"], "speed.fps": [50.0, 60.0, None]})
    fast, small = parse_rule("speed.fps >= 60"), parse_rule("size.params <= 1000")
    assert meeting(rows, [])["trial"].to_list() == ["a", "b", "c"]
    assert meeting(rows, [fast])["trial"].to_list() == ["b"]
    assert meeting(rows, [fast, small]).is_empty()  # nobody's size is known
