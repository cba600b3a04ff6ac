"""Another process that loads one core at a time, in bursts, as neighbours do."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context

import numpy as np

LONGEST_S = 2.0
"""Of a burst, and of the pause behind it; the shortest is a hundredth of it."""

_SIDE = 256


@contextmanager
def disturbed(seed: int) -> Iterator[None]:
    """Load a core drawn anew for every burst, half of the time, until the end of the block."""
    process = get_context("spawn").Process(target=_burst, args=(seed,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _burst(seed: int) -> None:
    drawn = random.Random(seed)
    numbers = np.ones((_SIDE, _SIDE), np.float32)
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    while True:
        if cores:
            os.sched_setaffinity(0, {drawn.choice(cores)})
        end = time.monotonic() + drawn.uniform(LONGEST_S / 100, LONGEST_S)
        while time.monotonic() < end:
            numbers @ numbers
        time.sleep(drawn.uniform(LONGEST_S / 100, LONGEST_S))
