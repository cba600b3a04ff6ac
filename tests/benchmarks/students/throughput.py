"""How fast students train beside a plain loop, and what of it is the network's own arithmetic.

By itself, in `tests/benchmarks`: `python -m students.throughput [ROUNDS]`; prints a line of JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median

import torch
from students.plain import plain_steps, write_photos
from students.together import step_alone, together_over_alone

from paretint.faces import STYLES, Pairs, render_pairs
from paretint.student import Schedule, TinyBeauty, Training

SIZES, WIDTH, WIDTHS, TOGETHER = (64, 128), 16, (8, 16, 24), (2, 4, 8)
BLOCKS, PAIRS = 4, 256
SCHEDULE = Schedule(steps=10**6, batch=16, learning_rate=2e-3)
STEPS = 12
"""Timed in a round."""

Work = Callable[[int], object]
"""Trains for some steps."""

AHEAD = 4
"""Steps before those, which a DataLoader's worker has prepared in the time of the others."""


def throughput(rounds: int) -> dict[str, float]:
    """Return ratios, each the median of some rounds, on one thread.

    `train_over_plain`: steps a second of ours over those of a plain loop without and with a
    DataLoader's worker (`_worker`; it has a core of its own, ours has not), at 64x64 and 128x128.
    `arithmetic_share`: of a step's time that its network's forward and backward take alone, by
    size and width. `together`: by size, width and number of students, see `together_over_alone`.
    """
    torch.set_num_threads(1)
    found: dict[str, float] = {}
    for size in SIZES:
        pairs = render_pairs(STYLES["rose"].vector(), PAIRS, size, seed=0)
        ratios = over_plain(pairs, rounds)
        found |= {f"train_over_plain_{size}{name}": ratio for name, ratio in ratios.items()}
        for width in WIDTHS:
            found[f"arithmetic_share_{size}_{width}"] = arithmetic_share(pairs, width, rounds)
            for students in TOGETHER:
                ratio = together_over_alone(size, width, students, min(rounds, 3))
                found[f"together_{size}_{width}_x{students}"] = ratio
    together = max(ratio for name, ratio in found.items() if name.startswith("together"))
    return {
        "train_over_plain": found[f"train_over_plain_{SIZES[0]}"],
        "arithmetic_share_of_training": found[f"arithmetic_share_{SIZES[0]}_{WIDTH}"],
        "together_over_alone": together,
    } | found


def over_plain(pairs: Pairs, rounds: int) -> dict[str, float]:
    """Return our steps a second over the plain loop's, without and with a worker (`_worker`)."""
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder, "photos")
        write_photos(pairs, photos)
        ours = Training(network(), pairs, SCHEDULE, 0)
        bare, helped = (plain_steps(network(), photos, SCHEDULE, workers) for workers in (0, 1))
        ways: dict[str, Work] = {
            "ours": lambda steps: ours.advance(ours.step + steps),
            "": lambda steps: list(islice(bare, steps)),
            "_worker": lambda steps: list(islice(helped, steps)),
        }
        seconds = [{name: _seconds(step) for name, step in ways.items()} for _ in range(rounds)]
        bare.close(), helped.close()  # its worker ends
    ratios = {n: [taken[n] / taken["ours"] for taken in seconds] for n in ("", "_worker")}
    return {name: round(median(each), 3) for name, each in ratios.items()}


def arithmetic_share(pairs: Pairs, width: int, rounds: int) -> float:
    """Return what the network's own forward and backward are of a step of training.

    In seconds of the thread itself, since other work on the machine lengthens those of the clock.
    """
    training = Training(network(width), pairs, SCHEDULE, 0)
    step = step_alone(pairs.before.shape[-1], width)

    def alone(steps: int) -> None:
        for _ in range(steps):
            step()

    def whole(steps: int) -> None:
        training.advance(training.step + steps)

    clock = time.thread_time
    shares = [_seconds(alone, clock) / _seconds(whole, clock) for _ in range(rounds)]
    return round(median(shares), 3)


def network(width: int = WIDTH) -> TinyBeauty:
    """Return an untrained student, the same each time."""
    torch.manual_seed(0)
    return TinyBeauty(width, BLOCKS)


def _seconds(work: Work, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the seconds of `STEPS` steps."""
    work(AHEAD)
    start = clock()
    work(STEPS)
    return clock() - start


if __name__ == "__main__":
    print(json.dumps(throughput(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
