"""What the sweep engine itself costs, and what it saves: `scripts/bench engine [--save]`.

`idle_share`: the share of a quickstart's wall time, from the command to its last line, in which no
worker is at anything of a trial. `noop_over_stock`: seconds for a trial that does nothing, in a
sweep with journal and ledger, over those of Ray Tune's as it comes; `noop_over_stock_reuse`: as it
comes with `reuse_actors`. `naive_over_ours`: the wall time of a sweep over 3 pairs, 4 counts and 2
widths in which each trial fine-tunes, amplifies and trains for itself, over the engine's.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path

from engines.idle import idle
from engines.naive import naive_over_ours
from engines.noop import noops
from keeping.result import tell

PARTS = {"noop": noops, "idle": idle, "naive": naive_over_ours}


def main() -> None:
    """Measure; print one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--save", action="store_true", help="write results/engine.json too")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # of torch's exporter, in the processes of trials too
    start, result = time.monotonic(), {}
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.parts:
            part = Path(folder) / name
            part.mkdir()
            result |= PARTS[name](part)
            print(name, result, flush=True)
    tell("engine", result | {"seconds": round(time.monotonic() - start)}, chosen.save)


if __name__ == "__main__":
    main()
