from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl
import pytest

from paretint.device import Settings, collect
from paretint.device.protocol import Infer, Load

QUICK = Settings(
    sessions=2, blocks=2, block_ms=500, block_runs=3, window=2, settled=0.05, warm_up_runs=8
)


class FakeMachine:
    """A clock that only models move on; times in ms, of which multiples of 125 are exact."""

    def __init__(self) -> None:
        self.now_ms = 0.0
        self.loads = 0

    def clock(self) -> float:
        return self.now_ms / 1000

    def model(self, load_ms: float, runs_ms: Iterable[float]) -> Load:
        """A model whose inferences take `runs_ms` after each load, the last value for ever."""
        times = list(runs_ms)

        def load() -> Infer:
            self.loads += 1
            self.now_ms += load_ms
            ahead: Iterator[float] = itertools.chain(times, itertools.repeat(times[-1]))
            return lambda: self.spend(next(ahead))

        return load

    def spend(self, ms: float) -> None:
        self.now_ms += ms


@pytest.fixture
def machine() -> FakeMachine:
    return FakeMachine()


def times(samples: pl.DataFrame, model: str, phase: str, session: int = 0) -> list[float]:
    chosen = samples.filter(model=model, phase=phase, session=session)
    return chosen["ms"].to_list()


def test_loads_both_models_afresh_in_each_session(machine: FakeMachine) -> None:
    samples = collect(machine.model(250, [125]), machine.model(500, [125]), QUICK, machine.clock)
    assert machine.loads == 4
    assert [times(samples, "candidate", "load", session) for session in (0, 1)] == [[250], [250]]
    assert [times(samples, "control", "load", session) for session in (0, 1)] == [[500], [500]]


def test_blocks_alternate_and_last_long_enough(machine: FakeMachine) -> None:
    samples = collect(machine.model(0, [125]), machine.model(0, [250]), QUICK, machine.clock)
    runs = samples.filter(phase="run", session=1)
    turns = [
        (model, block, len(list(group)))
        for (model, block), group in itertools.groupby(runs.select("model", "block").rows())
    ]
    assert turns == [
        ("candidate", 0, 4),  # 4 x 125 ms fill a block of 500 ms
        ("control", 0, 3),  # 2 x 250 ms would, but 3 runs are the least
        ("candidate", 1, 4),
        ("control", 1, 3),
    ]
    assert times(samples, "candidate", "run", session=1) == [125] * 8


def test_warms_up_until_the_rolling_median_settles(machine: FakeMachine) -> None:
    cooling = machine.model(0, [1000, 500, 500, 125, 125, 125, 125])
    samples = collect(cooling, machine.model(0, [125]), QUICK, machine.clock)
    # Windows of 2: 750 and 312.5, 500 and 125, ... until 125 follows 125.
    assert times(samples, "candidate", "warm-up") == [1000, 500, 500, 125, 125, 125, 125]
    assert times(samples, "control", "warm-up") == [125] * 4
    assert set(times(samples, "candidate", "run")) == {125}


def test_a_model_that_never_settles_is_measured_all_the_same(machine: FakeMachine) -> None:
    slowing = machine.model(0, [125 * (2**run) for run in range(30)])
    samples = collect(slowing, machine.model(0, [125]), QUICK, machine.clock)
    assert len(times(samples, "candidate", "warm-up")) == QUICK.warm_up_runs
    assert len(times(samples, "candidate", "run")) == QUICK.blocks * QUICK.block_runs


def test_samples_are_in_the_order_of_time(machine: FakeMachine) -> None:
    samples = collect(machine.model(0, [125]), machine.model(0, [125]), QUICK, machine.clock)
    phases = [phase for phase, _ in itertools.groupby(samples["phase"])]
    assert phases == ["load", "warm-up", "run"] * 2
    assert samples["ms"].sum() == machine.now_ms


def test_an_uncertain_ratio_is_measured_longer(machine: FakeMachine) -> None:
    pace = itertools.cycle([125, 250])

    def unsteady() -> Infer:
        ms = next(pace)  # every session has a pace of its own
        return lambda: machine.spend(ms)

    longer = replace(QUICK, sessions=2, max_sessions=5)
    samples = collect(unsteady, machine.model(0, [125]), longer, machine.clock)
    assert samples["session"].n_unique() == 5
    steady = collect(machine.model(0, [250]), machine.model(0, [125]), longer, machine.clock)
    assert steady["session"].n_unique() == 2
