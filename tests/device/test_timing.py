from __future__ import annotations

import polars as pl
import pytest

from paretint.config import is_column
from paretint.device import Timing, summarise
from paretint.device.protocol import SAMPLES, Sample
from paretint.device.timing import OF_PREDICTIONS

Block = tuple[list[float], list[float]]
"""The times of the candidate and of the control model in one block."""


def samples_of(blocks: list[Block], loads: list[float]) -> pl.DataFrame:
    rows: list[Sample] = []
    for session, ms in enumerate(loads):
        rows += [("candidate", session, "load", 0, ms), ("control", session, "load", 0, 900.0)]
        rows += [("candidate", session, "warm-up", 0, 700.0)]
    for block, (candidate, control) in enumerate(blocks):
        rows += [("candidate", 0, "run", block, ms) for ms in candidate]
        rows += [("control", 0, "run", block, ms) for ms in control]
    return pl.DataFrame(rows, schema=SAMPLES, orient="row")


def test_of_small_numbers() -> None:
    blocks: list[Block] = [([1, 2, 3], [4, 4, 4]), ([2, 2, 2], [4, 5, 6]), ([4, 4, 2], [5, 5, 5])]
    timing = summarise(samples_of(blocks, loads=[30, 10, 20]), "ort-cpu")
    # Candidate sorted: 1 2 2 2 2 2 3 4 4; the mean is 22 / 9, the variance 74 / 81.
    assert timing.p50_ms == 2
    assert timing.fps == 500
    assert timing.p90_ms == 4
    assert timing.p99_ms == 4
    assert timing.cv == pytest.approx((74 / 81) ** 0.5 / (22 / 9))
    assert timing.load_ms == 20
    # Ratios of the blocks: 4 / 2, 5 / 2, 5 / 4.
    assert timing.relative == 2
    assert timing.device == "ort-cpu"
    assert timing.provenance == "measured:ort-cpu"


def test_the_burst_is_the_first_inferences_of_every_session() -> None:
    rows: list[Sample] = [("control", session, "run", 0, 1.0) for session in (0, 1)]
    for session, pace in enumerate((1.0, 5.0)):
        rows += [("candidate", session, "load", 0, 90.0)]
        rows += [("candidate", session, "warm-up", 0, pace) for _ in range(8)]
        rows += [("candidate", session, "run", 0, 2 * pace) for _ in range(40)]
    timing = summarise(pl.DataFrame(rows, schema=SAMPLES, orient="row"), "ort-cpu")
    # Eight of the warm-up and two runs of each session: 1 x 8, 2 x 2, 5 x 8, 10 x 2.
    assert timing.burst_ms == (2 + 5) / 2
    assert timing.p50_ms == (2 + 10) / 2


def test_quantiles_lie_between_samples() -> None:
    block: Block = ([float(ms) for ms in range(1, 102)], [1.0])
    timing = summarise(samples_of([block], loads=[1]), "ort-cpu")
    assert (timing.p50_ms, timing.p90_ms, timing.p99_ms) == (51, 91, 100)


def test_a_disturbed_block_does_not_move_the_ratio() -> None:
    calm: Block = ([2, 2, 2], [4, 4, 4])
    disturbed: Block = ([2, 2, 2], [40, 40, 40])
    timing = summarise(samples_of([calm, disturbed, calm], loads=[1]), "ort-cpu")
    assert timing.relative == 2


def test_blocks_of_different_sessions_are_not_joined() -> None:
    rows: list[Sample] = [
        ("candidate", 0, "load", 0, 1.0),
        *[("candidate", session, "run", 0, ms) for session, ms in enumerate([1.0, 2.0, 4.0])],
        *[("control", session, "run", 0, ms) for session, ms in enumerate([8.0, 4.0, 12.0])],
    ]
    timing = summarise(pl.DataFrame(rows, schema=SAMPLES, orient="row"), "ort-cpu")
    # Ratios 8, 2 and 3; were the sessions one, 8 / 2.
    assert timing.relative == 3


def test_without_samples() -> None:
    with pytest.raises(ValueError, match="no samples"):
        summarise(pl.DataFrame(schema=SAMPLES), "ort-cpu")


TIMING = Timing("ort-cpu", 500.0, 2.0, 3.0, 4.0, 2.5, 0.1, 20.0, 1.5, 1.4, 1.6, "measured:ort-cpu")


def test_columns_of_a_device() -> None:
    assert TIMING.columns(primary=False) == {
        "speed.ort-cpu.fps": 500.0,
        "speed.ort-cpu.p50_ms": 2.0,
        "speed.ort-cpu.p90_ms": 3.0,
        "speed.ort-cpu.p99_ms": 4.0,
        "speed.ort-cpu.burst_ms": 2.5,
        "speed.ort-cpu.cv": 0.1,
        "speed.ort-cpu.load_ms": 20.0,
        "speed.ort-cpu.relative": 1.5,
        "speed.ort-cpu.relative_lo": 1.4,
        "speed.ort-cpu.relative_hi": 1.6,
        "speed.ort-cpu.provenance": "measured:ort-cpu",
        **dict.fromkeys(f"speed.ort-cpu.{name}" for name in OF_PREDICTIONS),
    }


def test_columns_of_the_first_device_come_twice() -> None:
    columns = TIMING.columns(primary=True)
    assert len(columns) == 30
    assert columns["speed.fps"] == columns["speed.ort-cpu.fps"] == 500.0
    assert columns["speed.provenance"] == "measured:ort-cpu"
    assert all(is_column(name) for name in columns)
