"""How far off predicted speeds are, over students of the whole family."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from devices.family import Member

from paretint.device import fit, measure, work
from paretint.device.latency import Work
from paretint.store import Store

DEVICE = "ort-cpu"


class Foresight(NamedTuple):
    """Of held-out students: the median error, its 90 % quantile and the worst, in percent.

    covered: the share that lies in the 95 % interval of a fit to the others; worst: the student.
    """

    error_pct: float
    error_p90_pct: float
    covered: float
    worst: str
    worst_pct: float
    students: int


def foresight(members: Sequence[Member], files: Sequence[Path], store: Store) -> Foresight:
    """Measure the students, predict each from the others, and tell how far off that was."""
    measured = []
    for one, file in zip(members, files, strict=True):
        measured.append(measure(file, DEVICE, store).p50_ms)
        print(f"{one.name}: {measured[-1]:.2f} ms", flush=True)
    return told(members, [work(file) for file in files], measured)


def told(members: Sequence[Member], done: Sequence[Work], ms: Sequence[float]) -> Foresight:
    """Return what is to be told of measured students."""
    model = fit(DEVICE, done, ms)
    errors = 100 * np.abs(np.expm1(-np.array(model.held_out)))
    inside = [_covers(index, done, ms) for index in range(len(done))]
    worst = int(errors.argmax())
    return Foresight(
        round(100 * model.error, 2),
        round(float(np.quantile(errors, 0.9)), 2),
        round(float(np.mean(inside)), 3),
        members[worst].name,
        round(float(errors[worst]), 2),
        len(done),
    )


def _covers(index: int, done: Sequence[Work], ms: Sequence[float]) -> bool:
    """Whether the interval for one student, from the others alone, holds what it takes."""
    others = [i for i in range(len(done)) if i != index]
    model = fit(DEVICE, [done[i] for i in others], [ms[i] for i in others])
    found = model.predict(done[index])
    return found.p50_ms_lo <= ms[index] <= found.p50_ms_hi
