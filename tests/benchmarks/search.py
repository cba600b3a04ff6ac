"""How soon a search finds a good front: `scripts/bench search [--save]`.

Every method is replayed on a recorded table of real recipes, from many seeds. The goal of a method
is the final hypervolume of the best of the others, in its median; what counts is the share of the
budget that the method takes to get there. Replays of the others are kept in a folder, and the same
command goes on where it was stopped; Optuna's GP, which takes a second for each recipe, has most of
an hour of them. Syne Tune is left out where it is not installed: `pip install --no-deps syne-tune`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from keeping.finished import Finished
from keeping.result import tell
from searching.curves import Curves, best_of, final, over_seeds, quartiles, shares_to
from searching.methods import OURS, methods, replayed
from searching.peers import absent
from searching.replay import Curve
from searching.table import Table, digest, record

SHARE, WORKERS, SEEDS = 1 / 3, 4, 30
GRID = 12


class Cell(NamedTuple):
    """A replay: which method from which seed."""

    method: str
    seed: int


def replay_all(
    cells: Sequence[Cell], work: Path, workers: int, budget_s: float, at_once: int
) -> Curves:
    """Replay what a folder does not hold yet, ours always; return the curves by method."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / f"replays-{digest(workers, budget_s)}.jsonl"
    os.environ["PYTHONHASHSEED"] = "0"  # Optuna draws in the order of sets of names
    finished = Finished.open(path, lambda cell: Cell(*cell))
    finished.done = {cell: told for cell, told in finished.done.items() if cell.method != OURS}
    pieces = {cell: partial(replayed, *cell, workers, budget_s) for cell in cells}
    for cell, left in finished.finish(pieces, at_once):
        curve = Curve(*finished.done[cell])
        print(f"{cell.method} {cell.seed}: {final(curve):.1f}, {left} replays left", flush=True)
    curves: dict[str, list[Curve]] = {}
    for cell in cells:
        curves.setdefault(cell.method, []).append(Curve(*finished.done[cell]))
    return curves


def compared(curves: Curves, table: Table, budget_s: float) -> dict[str, Any]:
    """Return the comparison: the goal's numbers first, then those of each method."""
    others = {name: found for name, found in curves.items() if name != OURS}
    best = best_of(others)
    goal = quartiles([final(curve) for curve in others[best]]).median
    told = {name: _method(found, table, budget_s, goal) for name, found in curves.items()}
    key = "compute_to_best_peers_final_hypervolume"
    ours = told[OURS][key] if OURS in told else {}
    return {
        **{name if name != "median" else key: value for name, value in ours.items()},
        "best_peer": best,
        "best_peers_final_hypervolume": round(goal / table.whole_volume, 5),
        "recipes": len(list(table.experiment.search_space.points())),
        "table_s": round(table.whole_s, 1),
        "budget_s": round(budget_s, 1),
        "fine_tune_s": round(table.amplifying.fine_tune_s, 2),
        "image_s": round(table.amplifying.image_s, 5),
        "peers_absent": absent(),
        "methods": told,
    }


def _method(curves: Sequence[Curve], table: Table, budget_s: float, goal: float) -> dict[str, Any]:
    """Return how one method fares; hypervolumes are shares of the whole table's."""
    shares = shares_to(curves, goal, budget_s)
    whole = table.whole_volume
    grid = [budget_s * step / GRID for step in range(1, GRID + 1)]
    grown = zip(*over_seeds(curves, grid), strict=True)
    names = ("median", "q25", "q75")
    return {
        "compute_to_best_peers_final_hypervolume": {
            **quartiles(shares).told(4), "never": sum(share > 1 for share in shares),
        },
        "final_hypervolume": quartiles([final(curve) / whole for curve in curves]).told(5),
        "spent": quartiles([curve.spent_s / budget_s for curve in curves]).median,
        "trials": {
            state: quartiles([curve.trials.get(state, 0) for curve in curves]).median
            for state in ("complete", "stopped", "again")
        },
        "hypervolume_by_twelfths": {
            name: [round(volume / whole, 5) for volume in volumes]
            for name, volumes in zip(names, grown, strict=True)
        },
    }  # fmt: skip


def main() -> None:
    """Replay; print one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--record", type=Path, metavar="RUN", help="keep this run's table first")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--workers", type=int, default=WORKERS, help="that a replay simulates")
    parser.add_argument("--share", type=float, default=SHARE, help="of the table, as a budget")
    parser.add_argument("--methods", nargs="+", choices=methods(), default=list(methods()))
    parser.add_argument("--work", type=Path, default=Path("search-bench"), help="what is kept")
    parser.add_argument("--at-once", type=int, default=1, help="replays, each in a process")
    parser.add_argument("--save", action="store_true", help="write results/search.json too")
    chosen = parser.parse_args()
    for name in absent():
        print(f"{name} is not installed; it is left out")
    table = record(chosen.record) if chosen.record else Table.load()
    budget_s = chosen.share * table.whole_s
    print(f"{table.whole_s:.0f} s of work, of which {budget_s:.0f} s are the budget", flush=True)
    cells = [Cell(name, seed) for name in chosen.methods for seed in range(chosen.seeds)]
    curves = replay_all(cells, chosen.work, chosen.workers, budget_s, chosen.at_once)
    result = compared(curves, table, budget_s)
    told = f"--seeds {chosen.seeds} --workers {chosen.workers} --share {chosen.share}"
    tell("search", result, chosen.save, f"{told} --methods {' '.join(chosen.methods)}")


if __name__ == "__main__":
    main()
