"""What the students' scores and speeds come down to."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean
from typing import Any

import numpy as np
from students.candidates import SINGLE, Axes, name_of
from students.speed import Speed
from students.training import Psnrs, untrained

from paretint.export import sizes
from paretint.quality import bootstrap

FAST = 2.5
Row = dict[str, Any]


def rows(
    students: Mapping[str, Axes], psnrs: Mapping[str, Psnrs], speeds: Mapping[str, Speed]
) -> list[Row]:
    """Return a line a student, the fastest first.

    `psnr` is held-out, in dB; `gain_db` over `release`, face by face; both with their 95 %
    interval over the faces. `speed` is relative to `release`.
    """
    release = np.array(psnrs["release"]["fp32"])
    table = []
    for name, axes in students.items():
        own = np.array(psnrs[name]["fp32"])
        known = sizes(untrained(axes), int(axes["input_size"]))
        table.append(
            {"student": name, "params": known.params, "macs": known.macs}
            | _rounded("psnr", bootstrap(own))
            | _rounded("gain_db", bootstrap(own - release))
            | _rounded("speed", speeds[name])
        )
    return sorted(table, key=lambda row: -float(row["speed"]))


def front(table: list[Row]) -> list[Row]:
    """Return the lines that no other beats in both quality and speed, the fastest first."""
    kept: list[Row] = []
    for row in sorted(table, key=lambda row: (-row["speed"], -row["psnr"])):
        if not kept or row["psnr"] > kept[-1]["psnr"]:
            kept.append(row)
    return kept


def goals(table: list[Row]) -> Row:
    """Return how fast a student as good as `release` is, and how much better a fast one."""
    others = [row for row in table if row["student"] != "release"]
    as_good = [row for row in others if row["gain_db"] >= 0]
    fast = [row for row in others if row["speed"] >= FAST]
    fastest = max(as_good, key=lambda row: row["speed"], default=None)
    best = max(fast, key=lambda row: row["gain_db"], default=None)
    return {
        "speedup_at_release_quality": fastest and fastest["speed"],
        "fastest_at_release_quality": fastest and fastest["student"],
        "gain_db_at_2_5x": best and best["gain_db"],
        "best_at_2_5x": best and best["student"],
    }


def by_axis(table: list[Row]) -> list[Row]:
    """Return what each change of one axis gives and costs, against the student without it."""
    lines = {row["student"]: row for row in table}
    told = []
    for changes in SINGLE:
        *kept, changed = changes
        against = name_of({axis: changes[axis] for axis in kept})
        if not {name_of(changes), against} <= lines.keys():
            continue
        own, other = lines[name_of(changes)], lines[against]
        told.append(
            {
                "axis": changed,
                "value": changes[changed],
                "against": against,
                "db": round(own["psnr"] - other["psnr"], 3),
                "speed": round(own["speed"] / other["speed"], 3),
            }
        )
    return told


def loss_db(psnrs: Psnrs, precision: str) -> float:
    """Return what a precision costs a student, in dB."""
    return round(fmean(psnrs["fp32"]) - fmean(psnrs[precision]), 4)


def _rounded(name: str, interval: tuple[float, float, float]) -> Row:
    mean, lo, hi = (round(value, 3) for value in interval)
    return {name: mean, f"{name}_lo": lo, f"{name}_hi": hi}
