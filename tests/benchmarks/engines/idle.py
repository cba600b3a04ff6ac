"""How much of a sweep's wall time no worker works."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paretint.store import Ledger, Run

STAGES = ("cost.speed_s", "cost.amplify_s", "cost.train_s", "cost.ship_s")


def idle(folder: Path) -> dict[str, float]:
    """Run the quickstart as a user does, with nothing in its store; say what of it was idle."""
    command = [Path(sys.executable).with_name("paretint"), "run", "quickstart"]
    start = time.time()
    subprocess.run(
        [*command, "--out", folder / "run", "--store", folder / "store"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    end = time.time()
    rows = Ledger(Run.open(folder / "run")).trials().to_dicts()
    spans = [(row["time.began"], row["time.ended"]) for row in rows]
    # A trial that waits for Tune between its rungs counts as if all others did too.
    between = sum(end - begin - worked(row) for row, (begin, end) in zip(rows, spans, strict=True))
    busy = covered(spans) - between
    return {
        "idle_share": round(1 - busy / (end - start), 4),
        "quickstart_s": round(end - start, 1),
        "before_first_s": round(min(begin for begin, _ in spans) - start, 1),
        "after_last_s": round(end - max(end for _, end in spans), 1),
        "between_rungs_s": round(between, 2),
    }


def worked(row: dict[str, Any]) -> float:
    """Return the seconds that a trial's stages took."""
    return sum(row[stage] or 0.0 for stage in STAGES)


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return the length of what spans cover together."""
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total
