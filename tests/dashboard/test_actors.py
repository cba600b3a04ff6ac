from __future__ import annotations

from typing import Any

import pytest

from paretint.dashboard.actors import actors, pieces
from paretint.front import Estimate

DRAWN: dict[str, Any] = {
    "event": "amplify",
    "worker": "here:1",
    "began": 100.0,
    "ended": 110.0,
    "gpus": 0.5,
    "amplifier_key": "a",
    "amplified_key": "b",
    "part": 0,
    "images": 50,
    "rejected": 2,
}
FITTED = DRAWN | {"amplified_key": None, "part": None, "images": 0, "rejected": 0, "ended": 160.0}


def drawn(worker: str, seconds: float, images: int = 50) -> dict[str, Any]:
    return DRAWN | {"worker": worker, "ended": 100.0 + seconds, "images": images}


def test_an_actor_s_rate_is_of_its_drawing_alone() -> None:
    told = [FITTED, drawn("slow:1", 10.0), drawn("fast:2", 4.0), drawn("slow:1", 30.0)]
    fast, slow = actors(pieces(told))
    assert (fast.worker, fast.images, fast.seconds) == ("fast:2", 50, 4.0)
    assert (fast.rate, fast.rates, fast.gpus) == (Estimate(12.5), (12.5,), 0.5)
    assert (slow.worker, slow.images, slow.seconds) == ("slow:1", 100, 40.0)
    assert (slow.rate.value, slow.rates) == (2.5, (5.0, 50 / 30))


def test_the_interval_is_of_the_mean_of_seconds_for_an_image() -> None:
    (actor,) = actors(pieces([drawn("here:1", seconds) for seconds in (9.0, 10.0, 11.0)]))
    arm = 4.302653 * 0.02 / 3**0.5
    assert actor.rate == pytest.approx(Estimate(5.0, 1 / (0.2 + arm), 1 / (0.2 - arm)))


def test_two_parts_too_unlike_leave_the_rate_open() -> None:
    (actor,) = actors(pieces([drawn("here:1", 1.0), drawn("here:1", 100.0)]))
    assert actor.rate == Estimate(100 / 101)


@pytest.mark.parametrize(
    "change",
    [
        {"event": "trial"},
        {"worker": 5},
        {"images": -1},
        {"images": "50"},
        {"ended": 100.0},
        {"ended": float("nan")},
        {"began": None},
        {"amplifier_key": ["a"]},
    ],
)
def test_what_no_engine_writes_is_left_out(change: dict[str, Any]) -> None:
    assert list(pieces([DRAWN | change])) == []
    assert len(list(pieces([DRAWN, DRAWN | change]))) == 1
