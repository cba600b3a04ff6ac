from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paretint.config import Objective
from paretint.front import (
    Compared,
    Entrant,
    Estimate,
    Standing,
    compare,
    hypervolume,
    shared_objectives,
)
from paretint.front.volume import hypervolumes

Row = dict[str, Any]
Make = Callable[..., Row]
FACES = [f"face {i}" for i in range(50)]
HARD = np.random.default_rng(0).normal(0, 2, len(FACES))
"""How much harder each face is than the others, in dB."""


def unknown(_: str) -> None:
    """Of no trial are there scores by face."""


def scored(tables: dict[str, np.ndarray], faces: Sequence[str], trial: str) -> pl.DataFrame | None:
    scores = tables.get(trial)
    return None if scores is None else pl.DataFrame({"face": faces, "quality.psnr": scores})


def entrant(
    name: str, rows: Sequence[Row], noise: float | None = None, faces: Sequence[str] = FACES
) -> Entrant:
    """A run; noise: how far a trial's scores are from those of another on the same face, in dB."""
    tables = {} if noise is None else {r["trial"]: by_face(name, r, noise) for r in rows}
    heldout = partial(scored, tables, faces) if tables else unknown
    return Entrant(name, pl.DataFrame(rows, infer_schema_length=None), heldout)


def by_face(name: str, row: Row, noise: float) -> np.ndarray:
    own = np.random.default_rng([len(name), int(row["trial"][1:])]).normal(0, noise, len(FACES))
    scores = HARD + own
    return row["quality.psnr"] + scores - scores.mean()


def sure(*rows: Row) -> list[Row]:
    return [row | {"quality.psnr_lo": None, "quality.psnr_hi": None} for row in rows]


def test_numbers_and_differences_of_sure_scores(
    row: Make, objectives: tuple[Objective, ...]
) -> None:
    base = sure(row("t0000", 5, 0, 8, 36.0, 100.0), row("t0001", 5, 0, 16, 37.0, 60.0))
    other = sure(row("t0000", 5, 0, 8, 35.0, 120.0), row("t0001", 5, 0, 16, 36.5, 60.0))
    first, second = compare([entrant("a", base), entrant("b", other)], objectives)
    # Over 30 dB and 20 fps.
    assert first.hypervolume == Compared(Estimate(40 * 7 + 40 * 6))
    assert first.best == (Compared(Estimate(37.0)), Compared(Estimate(100.0)))
    assert second.hypervolume == Compared(Estimate(40 * 6.5 + 60 * 5), Estimate(40.0))
    assert second.best == (
        Compared(Estimate(36.5), Estimate(-0.5)),
        Compared(Estimate(120.0), Estimate(20.0)),
    )
    # Of all four, t0001 of b is beaten by t0001 of a.
    assert (first.joint, second.joint) == (2, 1)
    assert (first.front.complete, len(second.front.values)) == (2, 2)


def difference(row: Make, objectives: tuple[Objective, ...], **more: Any) -> Standing:
    """How a trial of 36.3 dB stands against one of 36 dB that is as fast."""
    base = entrant("a", [row("t0000", 5, 0, 8, 36.0, 100.0)], 0.3)
    return compare([base, entrant("b", [row("t0000", 5, 0, 8, 36.3, 100.0)], **more)], objectives)[
        1
    ]


def test_on_the_same_faces_a_difference_is_surer_than_what_it_is_of(
    row: Make, objectives: tuple[Objective, ...]
) -> None:
    found = difference(row, objectives, noise=0.3)
    assert found.unpaired == ""
    psnr = found.best[0]
    a = by_face("a", {"trial": "t0000", "quality.psnr": 36.0}, 0.3)
    b = by_face("b", {"trial": "t0000", "quality.psnr": 36.3}, 0.3)
    error = (b - a).std() / np.sqrt(len(FACES))
    assert psnr.over is not None
    assert psnr.over.value == pytest.approx(0.3)
    assert psnr.over.margin == pytest.approx(1.96 * error, rel=0.1)
    assert psnr.value.margin == pytest.approx(1.96 * b.std() / np.sqrt(len(FACES)), rel=0.1)
    assert psnr.verdict("maximize") == "better"
    assert psnr.verdict("minimize") == "worse"
    # All that is behind the hypervolume is this PSNR, over 80 fps.
    assert found.hypervolume.over is not None
    assert found.hypervolume.over.margin == pytest.approx(80 * psnr.over.margin)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"noise": None}, "b has no scores by face of t0000"),
        ({"noise": 0.3, "faces": FACES[::-1]}, "b and a held out unlike faces"),
    ],
)
def test_where_faces_are_not_shared_it_is_said_and_the_difference_is_less_sure(
    row: Make, objectives: tuple[Objective, ...], more: dict[str, Any], why: str
) -> None:
    found = difference(row, objectives, **more)
    assert found.unpaired == why
    psnr = found.best[0]
    assert psnr.over is not None
    assert psnr.over.margin > psnr.value.margin > 0.4
    assert psnr.verdict("maximize") == "not sure"


def test_scores_by_face_that_are_no_numbers_are_none(
    row: Make, objectives: tuple[Objective, ...]
) -> None:
    holes = pl.DataFrame({"face": ["x", "y"], "quality.psnr": [36.0, float("inf")]})
    base = Entrant("a", pl.DataFrame([row("t0000", 5, 0, 8, 36.0, 100.0)]), lambda _: holes)
    other = entrant("b", [row("t0000", 5, 0, 8, 36.0, 100.0)], 0.3)
    assert compare([base, other], objectives)[1].unpaired == "a has no scores by face of t0000"


def test_one_timing_is_drawn_alike_for_all_that_share_it(
    row: Make, objectives: tuple[Objective, ...]
) -> None:
    timed = {"speed.relative": 1.0, "speed.relative_lo": 0.9, "speed.relative_hi": 1.1}
    runs = [
        entrant(name, sure(row("t0000", 5, 0, 8, 36.0, fps, **timed)))
        for name, fps in (("a", 100.0), ("b", 100.0), ("c", 110.0))
    ]
    _, same, other = compare(runs, objectives)
    assert same.best[1].value.margin == pytest.approx(10, rel=0.1)
    assert same.best[1].over == Estimate(0.0)
    assert other.best[1].over is not None
    assert other.best[1].over.margin == pytest.approx(np.hypot(10, 11), rel=0.1)


def test_seeds_of_a_recipe_stand_for_their_mean_and_leave_luck(
    row: Make, objectives: tuple[Objective, ...]
) -> None:
    seeds = sure(
        row("t0000", 5, 0, 8, 36.0, 100.0, seed=7), row("t0001", 5, 0, 8, 36.4, 100.0, seed=8)
    )
    (found,) = compare([entrant("a", seeds)], objectives)
    assert found.front.repeated
    assert found.front.trials(0) == ("t0000", "t0001")
    assert found.best[0].value.value == pytest.approx(36.2)
    assert found.best[0].value.margin == pytest.approx(1.96 * np.sqrt(0.08 / 2), rel=0.1)


def test_the_same_ledgers_give_the_same_intervals(
    rows: list[Row], objectives: tuple[Objective, ...]
) -> None:
    runs = [entrant("a", rows), entrant("b", rows[3:])]
    first, again = ([s.hypervolume for s in compare(runs, objectives)] for _ in range(2))
    assert first == again


def test_a_run_without_a_complete_trial_cannot_be_compared(
    rows: list[Row], objectives: tuple[Objective, ...]
) -> None:
    with pytest.raises(ValueError, match=r"a has no complete trial with quality\.psnr, speed\.fps"):
        compare([entrant("a", rows[12:])], objectives)


def test_the_reference_is_the_loosest_that_any_run_has() -> None:
    def told(*of: tuple[str, str, float]) -> tuple[Objective, ...]:
        return tuple(Objective(column=c, goal=g, reference=r) for c, g, r in of)  # type: ignore[arg-type]

    first = told(("quality.psnr", "maximize", 30.0), ("size.params", "minimize", 1e5))
    looser = told(("size.params", "minimize", 2e5), ("speed.fps", "maximize", 0.0))
    odd = told(("quality.psnr", "minimize", 10.0), ("size.params", "minimize", 1e4))
    assert shared_objectives([first, looser, odd]) == told(
        ("quality.psnr", "maximize", 30.0), ("size.params", "minimize", 2e5)
    )


@given(arrays(np.float64, (3, 6, 2), elements=st.integers(-3, 3).map(float)))
def test_hypervolumes_of_many_sets_are_those_of_each(sets: np.ndarray) -> None:
    goals = ("maximize", "minimize")
    assert hypervolumes(sets, (-1.0, 2.0), goals).tolist() == [
        hypervolume(points, (-1.0, 2.0), goals) for points in sets
    ]


@pytest.mark.parametrize("count", [3, 4])
def test_more_objectives_are_compared_too(
    rows: list[Row], objectives: tuple[Objective, ...], count: int
) -> None:
    more = (
        *objectives,
        Objective(column="size.params", goal="minimize", reference=1e5),
        Objective(column="size.onnx_bytes", goal="minimize", reference=1e6),
    )[:count]
    _, found = compare([entrant("a", rows), entrant("b", rows[3:])], more)
    assert len(found.best) == count
    assert (found.hypervolume.value.lo is None) == (count == 4)
