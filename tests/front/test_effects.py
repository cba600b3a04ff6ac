from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.front import effect


def test_compares_none_with_the_most_for_each_width_and_pairs(rows: list[dict[str, Any]]) -> None:
    effects = {(e.width, e.pairs): e for e in effect(pl.DataFrame(rows))}
    assert list(effects) == [(8, None), (8, 5), (16, None), (16, 5), (24, None)]
    same_pairs = effects[16, 5]
    assert (same_pairs.trial_without, same_pairs.trial_with_most) == ("t0005", "t0007")
    assert same_pairs.amplified == 1000
    assert same_pairs.gain == pytest.approx(2.0)
    assert same_pairs.separated
    over_all_pairs = effects[16, None]
    assert over_all_pairs.trial_without == "t0008"
    assert over_all_pairs.gain == pytest.approx(1.2)


@pytest.mark.parametrize(("psnr", "separated"), [(36.01, True), (36.0, False), (33.9, True)])
def test_intervals_that_touch_are_not_separated(
    row: Callable[..., dict[str, Any]], psnr: float, separated: bool
) -> None:
    trials = pl.DataFrame(
        [row("t0000", 5, 0, 16, 35.0, 400.0), row("t0001", 5, 500, 16, psnr, 400.0)]
    )
    assert [e.separated for e in effect(trials)] == [separated, separated]


def test_without_intervals_nothing_is_separated(row: Callable[..., dict[str, Any]]) -> None:
    bare = {"quality.psnr_lo": None, "quality.psnr_hi": None}
    trials = pl.DataFrame(
        [row("t0000", 5, 0, 16, 35.0, 400.0), row("t0001", 5, 500, 16, 39.0, 400.0, **bare)]
    )
    assert not any(e.separated for e in effect(trials))


def test_no_trials_have_no_effect() -> None:
    empty = pl.DataFrame({"trial": [], "state": []})
    assert effect(empty) == ()
