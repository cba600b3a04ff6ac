"""How fast fronts are found, measured and shown: `scripts/bench front [--save]`.

Beside Optuna, and beside pymoo and botorch where they are installed: `pip install pymoo botorch`.
A ratio is that of the best peer's time to ours, the least of all clouds of points. Points of
which every one is of the front stand apart: what they cost is a sort, here and elsewhere.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from fronts.clouds import clouds, sphere
from fronts.pages import page_seconds
from fronts.peers import absent, peers
from fronts.ratios import front_seconds, volume_seconds
from keeping.result import tell

COUNTS = {2: 1_000_000, 3: 100_000}
ROUNDS, UPDATES = 9, 5


def measure() -> dict[str, Any]:
    """Return every measurement by its name, and the ratios to hold ourselves to."""
    fronts: dict[str, Any] = {}
    volumes: dict[str, Any] = {}
    for objectives, count in COUNTS.items():
        for cloud in [*clouds(count, objectives), sphere(count, objectives)]:
            name = f"{cloud.name}_{objectives}d"
            fronts[name] = front_seconds(cloud, peers(), ROUNDS)
            print(f"front of {count:,} {name}: {fronts[name]}", flush=True)
            volumes[name] = volume_seconds(cloud, peers(), ROUNDS)
            print(f"hypervolume of {count:,} {name}: {volumes[name]}", flush=True)
    return {
        "front2d_over_best_peer": _least(fronts, "2d"),
        "front3d_over_best_peer": _least(fronts, "3d"),
        "hypervolume_over_best_peer": _least(volumes, "d"),
        "hypervolume2d_over_best_peer": _least(volumes, "2d"),
        "hypervolume3d_over_best_peer": _least(volumes, "3d"),
        "peers_absent": absent(),
        "fronts": fronts,
        "hypervolumes": volumes,
    }


def _least(found: dict[str, Any], suffix: str) -> float:
    """The least ratio over clouds as searches leave them."""
    return min(
        timed["over_best_peer"]
        for name, timed in found.items()
        if name.endswith(suffix) and not name.startswith("sphere")
    )


def main() -> None:
    """Measure; print one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--save", action="store_true", help="write results/front.json too")
    chosen = parser.parse_args()
    for name in absent():
        print(f"{name} is not installed; it is left out")
    with tempfile.TemporaryDirectory() as folder:
        pages = page_seconds(Path(folder), UPDATES)
    print(pages, flush=True)
    result = pages | measure()
    tell("front", result, chosen.save)


if __name__ == "__main__":
    main()
