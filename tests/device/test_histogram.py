from __future__ import annotations

import polars as pl
import pytest

from paretint.device import Histogram, draw_histogram, histogram
from paretint.device.protocol import SAMPLES


def samples(*runs_ms: float) -> pl.DataFrame:
    rows = [("candidate", 0, "run", 0, ms) for ms in runs_ms]
    rows += [("control", 0, "run", 0, 50.0), ("candidate", 0, "warm-up", 0, 70.0)]
    return pl.DataFrame(rows, schema=SAMPLES, orient="row")


def test_counts_the_candidate_s_runs() -> None:
    spread = histogram(samples(*[1.0] * 60, *[2.5] * 30, *[3.5] * 19, 5.0), bins=4)
    # The 99th percentile of 110 is 3.5: steps of 0.625 from 1 on.
    assert spread == Histogram(1.0, 3.5, 5.0, (60, 0, 30, 20))


def test_runs_that_all_took_as_long() -> None:
    assert histogram(samples(2.0, 2.0), bins=2) == Histogram(2.0, 2.0, 2.0, (2, 0))


def test_no_runs() -> None:
    with pytest.raises(ValueError, match="no samples to draw"):
        histogram(samples())


def test_a_line_shows_ends_and_every_step_that_is_not_empty() -> None:
    line = draw_histogram("t0003", Histogram(1.0, 9.5, 30.25, (800, 0, 1, 400)))
    assert line.plain == "    1.00 █ ▁▄ 9.50 ms, slowest 30.25  t0003"
