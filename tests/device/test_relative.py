from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.device.protocol import SAMPLES, Sample
from paretint.device.relative import relative


def samples_of(ratios: list[list[float]]) -> pl.DataFrame:
    """Runs of one candidate's and one control's inference a block, whose ratios are given."""
    rows: list[Sample] = []
    for session, blocks in enumerate(ratios):
        for block, ratio in enumerate(blocks):
            rows += [("control", session, "run", block, ratio)]
            rows += [("candidate", session, "run", block, 1.0)]
            rows += [("candidate", session, "warm-up", 0, 50.0)]
    return pl.DataFrame(rows, schema=SAMPLES, orient="row")


def test_a_steady_ratio_has_no_width() -> None:
    steady = relative(samples_of([[2.0] * 5] * 3))
    assert steady == (2, 2, 2)
    assert steady.width == 0


def test_what_differs_from_session_to_session_widens_more_than_what_differs_within() -> None:
    within = relative(samples_of([[1.0, 2.0, 3.0, 2.0, 2.0]] * 3))
    between = relative(samples_of([[1.0] * 5, [2.0] * 5, [3.0] * 5]))
    assert within.value == between.value == 2
    assert within.width < between.width == 1


def test_one_disturbed_block_changes_nothing() -> None:
    assert relative(samples_of([[2.0, 2.0, 2.0, 2.0, 40.0]] * 3)).value == 2


@given(st.lists(st.lists(st.floats(0.1, 10), min_size=3, max_size=3), min_size=1, max_size=4))
def test_the_interval_holds_values_that_were_measured(ratios: list[list[float]]) -> None:
    found = relative(samples_of(ratios))
    everything = [ratio for blocks in ratios for ratio in blocks]
    assert min(everything) <= found.lo <= found.hi <= max(everything)
    assert min(everything) <= found.value <= max(everything)
    assert relative(samples_of(ratios)) == found


def test_without_runs() -> None:
    with pytest.raises(ValueError, match="no samples to sum up"):
        relative(pl.DataFrame(schema=SAMPLES))
