"""How a model is timed: warm, in fresh sessions, beside the control model."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from paretint.device.relative import relative

Infer = Callable[[], object]
"""One inference of a loaded model."""

Load = Callable[[], Infer]
"""Loads a model afresh."""

Clock = Callable[[], float]
"""Seconds from any fixed moment, on the wall or of the calling thread's own running."""

SAMPLES = {
    "model": pl.String,
    "session": pl.Int32,
    "phase": pl.String,
    "block": pl.Int32,
    "ms": pl.Float64,
}
"""The columns of raw samples.

`model`: `candidate` or `control`; `phase`: `load`, `warm-up` or `run`; `block`: the turn of a run
within its session, 0 in the other phases; `ms`: how long it took.
"""

Sample = tuple[str, int, str, int, float]


@dataclass(frozen=True)
class Settings:
    """The protocol's numbers; a change of one is another measurement.

    `sessions` fresh sessions of both models, each of `blocks` turns: the candidate runs for
    `block_ms` and at least `block_runs` times, then the control model does. Before, each model
    runs until the medians of two consecutive windows of `window` runs differ by at most `settled`
    of the smaller, or until `warm_up_runs` runs. Where the interval of `relative` is wider than
    `wide` of it, further sessions follow, up to `max_sessions` in all.
    """

    sessions: int = 3
    blocks: int = 10
    block_ms: float = 20.0
    block_runs: int = 5
    window: int = 10
    settled: float = 0.05
    warm_up_runs: int = 200
    wide: float = 0.1
    max_sessions: int = 9


def collect(
    candidate: Load, control: Load, settings: Settings, clock: Clock = time.perf_counter
) -> pl.DataFrame:
    """Every load and inference of both models under the protocol, in the order they ran.

    The blocks of the two models alternate, so that whatever else the machine does meanwhile slows
    both alike. Returns the columns `SAMPLES`.
    """
    loads = {"candidate": candidate, "control": control}
    samples = pl.DataFrame(schema=SAMPLES)
    for session in range(max(settings.sessions, settings.max_sessions)):
        if session >= settings.sessions and relative(samples).width <= settings.wide:
            break
        more = list(_session(loads, session, settings, clock))
        samples = samples.vstack(pl.DataFrame(more, schema=SAMPLES, orient="row"))
    return samples


def _session(
    loads: dict[str, Load], session: int, settings: Settings, clock: Clock
) -> Iterator[Sample]:
    models: dict[str, Infer] = {}
    for name, load in loads.items():
        start = clock()
        models[name] = load()
        yield name, session, "load", 0, (clock() - start) * 1e3
    for name, infer in models.items():
        yield from ((name, session, "warm-up", 0, ms) for ms in _warm_up(infer, settings, clock))
    for block in range(settings.blocks):
        for name, infer in models.items():
            yield from ((name, session, "run", block, ms) for ms in _block(infer, settings, clock))


def _warm_up(infer: Infer, settings: Settings, clock: Clock) -> list[float]:
    times: list[float] = []
    while len(times) < settings.warm_up_runs and not settled(times, settings):
        times.append(_once(infer, clock))
    return times


def settled(times: list[float], settings: Settings) -> bool:
    """Whether the medians of the last two windows of `times` are alike."""
    window = settings.window
    if len(times) < 2 * window:
        return False
    before = statistics.median(times[-2 * window : -window])
    after = statistics.median(times[-window:])
    return abs(after - before) <= settings.settled * min(before, after)


def _block(infer: Infer, settings: Settings, clock: Clock) -> list[float]:
    times: list[float] = []
    while len(times) < settings.block_runs or sum(times) < settings.block_ms:
        times.append(_once(infer, clock))
    return times


def _once(infer: Infer, clock: Clock) -> float:
    start = clock()
    infer()
    return (clock() - start) * 1e3
