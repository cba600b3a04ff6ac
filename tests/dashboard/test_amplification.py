from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from paretint.dashboard import Amplification, amplification, read_view
from paretint.dashboard.amplification import wilson
from paretint.front import Estimate
from paretint.store import Ledger, Run

MakeRow = Callable[..., dict[str, Any]]
Log = Callable[..., None]


@pytest.fixture
def trial(run: Run, row: MakeRow) -> Callable[..., None]:
    """Writes a trial that had amplified images."""

    def write(name: str, pairs: int, images: int, amplified: str, **more: Any) -> None:
        told = {"amplified_key": amplified, "amplifier_key": f"of-{amplified}", **more}
        Ledger(run).write_trial(row(name, pairs, images, 8, 35.0, 1.0, **told))

    return write


def log(run: Run, images: int, seconds: float, amplified: str | None, **more: Any) -> None:
    told = {"worker": "here:1", "began": 0.0, "ended": seconds, "gpus": 0.0, "rejected": 0}
    told |= {"amplifier_key": f"of-{amplified}", "amplified_key": amplified, "images": images}
    run.log("amplify", **(told | more))


def found(run: Run) -> Amplification:
    return amplification(read_view(run))


def test_a_run_without_amplified_images_has_no_sets(run: Run) -> None:
    assert found(run) == Amplification((), ())


def test_a_set_has_the_most_images_and_what_all_its_trials_spent(run: Run, trial: Any) -> None:
    spent = {"cost.amplify_s": 30.0, "cost.gpu_s": 60.0}
    trial("t0", 5, 400, "five", **spent, **{"amplify.rejected": 0.2})
    trial("t1", 5, 100, "five", **spent, **{"amplify.rejected": 0.5})
    trial("t2", 2, 100, "two")
    two, five = found(run).sets
    assert (two.key, two.story, two.images, two.draws) == ("two", "pairs 2", 100, 100)
    assert (two.rejected.value, two.amplify_s, two.gpu_s, two.fit_s) == (0.0, None, None, None)
    assert (five.key, five.story, five.images, five.draws) == ("five", "pairs 5", 400, 500)
    assert (five.rejected.value, five.amplify_s, five.gpu_s) == (0.2, 60.0, 120.0)
    assert found(run).spent("gpu_s") == 120.0
    assert found(run).rejected.value == pytest.approx(100 / 600)


def test_knobs_are_told_where_sets_differ_in_them(run: Run, trial: Any) -> None:
    for name, steps in (("t0", 2), ("t1", 4)):
        trial(name, 5, 100, name, **{"param.amplifier.steps": steps, "param.lambda_makeup": 1.0})
    assert [each.story for each in found(run).sets] == [
        "pairs 5 · amplifier.steps 2", "pairs 5 · amplifier.steps 4",
    ]  # fmt: skip


def test_the_log_tells_what_was_drawn_here_and_how_long_fine_tuning_took(
    run: Run, trial: Any
) -> None:
    trial("t0", 5, 400, "five")
    log(run, 0, 33.0, None, amplifier_key="of-five")
    log(run, 50, 5.0, "five")
    log(run, 50, 5.0, "five")
    (five,) = found(run).sets
    assert (five.images, five.drawn, five.fit_s) == (400, 100, 33.0)
    (actor,) = found(run).actors
    assert (actor.images, actor.rate.value) == (100, 10.0)


def test_a_set_that_no_trial_has_ended_with_is_told_from_the_log(run: Run) -> None:
    log(run, 0, 33.0, None, amplifier_key="of-five")
    log(run, 50, 5.0, "five", rejected=25)
    log(run, 50, 5.0, "five", rejected=25)
    (five,) = found(run).sets
    assert (five.key, five.story) == ("five", "of trials that have not ended")
    assert (five.images, five.drawn, five.draws, five.fit_s) == (100, 100, 150, 33.0)
    assert five.rejected.value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("hits", "count", "told"),
    [(0, 10, (0.0, 0.0, 0.2775)), (1, 10, (0.1, 0.0179, 0.4042)), (10, 10, (1.0, 0.7225, 1.0))],
)
def test_shares_have_wilson_s_interval(
    hits: int, count: int, told: tuple[float, float, float]
) -> None:
    """Numbers as R's prop.test(correct = FALSE) has them."""
    assert wilson(hits, count) == pytest.approx(Estimate(*told), abs=5e-5)
