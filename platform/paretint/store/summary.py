"""How far a run is, from its folder alone: during it, after it, on any machine."""

from __future__ import annotations

from collections import Counter

import polars as pl

from paretint.store.ledger import Ledger
from paretint.store.run import Run


def summary(run: Run) -> str:
    """Return a run's state in a few lines: trials by state, and what is left."""
    trials = Ledger(run).trials()
    counts = Counter(trials["state"].to_list())
    wanted = run.experiment.trials
    left = max(0, wanted - trials.height)
    lines = [f"{run.folder}: {trials.height} of {wanted} trials are finished"]
    lines += [f"  {state}: {count}" for state, count in sorted(counts.items())]
    failed = trials.to_dicts() if "reason" in trials.columns else []
    lines += [
        f"  {row['trial']} {row['state']}: {row['reason']}"
        for row in failed
        if row["state"] in ("failed", "infeasible")
    ]
    lines += _saving(trials)
    if left:
        lines.append(_what_is_left(run, left))
    return "\n".join(lines)


def _what_is_left(run: Run, left: int) -> str:
    """Return how a run goes on, or why its sweep ended before its budget: nothing came after."""
    events = run.events()
    if events and events[-1]["event"] == "ended":
        return f"  ended with {left} left: {events[-1]['reason']}"
    return f"  left: {left}; if nothing runs, go on with: paretint resume {run.folder}"


def _saving(trials: pl.DataFrame) -> list[str]:
    """What was not worth its work, and what that would have been, as it was expected."""
    if "cost.saved_s" not in trials.columns or trials["cost.saved_s"].is_null().all():
        return []
    saved = trials.drop_nulls("cost.saved_s")
    ended = saved.filter(pl.col("state") != "complete")
    begun = "cost.train_s" in saved.columns
    stopped = ended["cost.train_s"].is_not_null().sum() if begun else 0
    return [
        f"  saved: {saved['cost.saved_s'].sum():.0f} s of work;"
        f" {ended.height - stopped} trials never trained, {stopped} stopped early"
    ]
