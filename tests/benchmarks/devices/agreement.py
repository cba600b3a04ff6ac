"""Whether the same file measured twice gets the same speed, while the machine is disturbed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple

from devices.disturbance import disturbed

from paretint.device import OrtCpu, control_model, measure
from paretint.export import OnnxModel
from paretint.store import Store

NEAR = 0.05
PLAIN_RUNS = 50


class Once(NamedTuple):
    """One measurement: `relative` by the protocol, the plain mean of some runs in ms, its cost."""

    relative: float
    plain_ms: float
    seconds: float


class Agreement(NamedTuple):
    """Of tries, the share in which two measurements are within 5 %, and how far apart each is."""

    share: float
    distances: list[float]


def tried_twice(files: Sequence[Path], tries: int, store: Store) -> list[tuple[Once, Once]]:
    """Measure the files in turn, each time twice, in processes and stores of their own.

    Only the control model is taken along from `store`; no measurement is.
    """
    for file in files:
        control_model(store, OnnxModel(file).shape)
    pairs = []
    for index in range(tries):
        with disturbed(index):
            pair = [_apart(files[index % len(files)], store.root) for _ in range(2)]
        pairs.append((pair[0], pair[1]))
        print(f"try {index}: {pair[0]} {pair[1]}", flush=True)
    return pairs


def agreement(first: Sequence[float], second: Sequence[float]) -> Agreement:
    """How often two measurements agree; a distance is a share of the smaller of the two."""
    distances = [
        max(one, other) / min(one, other) - 1 for one, other in zip(first, second, strict=True)
    ]
    near = fmean(distance <= NEAR for distance in distances)
    return Agreement(near, [round(distance, 4) for distance in distances])


def told(pairs: Sequence[tuple[Once, Once]]) -> dict[str, object]:
    """The agreement of both ways as the bench's figures."""
    ways = {
        way: agreement(*([getattr(one, way) for one in side] for side in zip(*pairs, strict=True)))
        for way in ("relative", "plain_ms")
    }
    return {
        "agree_within_5pct": ways["relative"].share,
        "plain_mean_agree_within_5pct": ways["plain_ms"].share,
        "distances": ways["relative"].distances,
        "plain_mean_distances": ways["plain_ms"].distances,
        "measurement_s": round(median(one.seconds for pair in pairs for one in pair), 2),
    }


def _apart(file: Path, store: Path) -> Once:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(once, file, store).result()


def once(file: Path, store: Path) -> Once:
    """Measure in this process, in a store that holds the control models alone."""
    with _fresh(store) as fresh:
        start = time.monotonic()
        timing = measure(file, "ort-cpu", fresh)
        seconds = time.monotonic() - start
    infer = OrtCpu().load(file)
    start = time.perf_counter()
    for _ in range(PLAIN_RUNS):
        infer()
    plain = (time.perf_counter() - start) * 1e3 / PLAIN_RUNS
    return Once(timing.relative, plain, seconds)


@contextmanager
def _fresh(store: Path) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(store / "control", os.path.join(folder, "control"))
        yield Store.at(folder)
