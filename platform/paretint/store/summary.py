"""How far a run is, from its folder alone: during it, after it, on any machine."""

from __future__ import annotations

from collections import Counter

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
    if left:
        lines.append(f"  left: {left}; if nothing runs, go on with: paretint resume {run.folder}")
    return "\n".join(lines)
