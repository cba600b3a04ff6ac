"""What amplification teaches, and how fast it runs: `scripts/bench amplify [--save]`.

Hours of work on two cores: each student that is done is kept in a file, and the same command goes
on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from functools import partial
from pathlib import Path
from statistics import fmean

from amplifying.effect import ALL, Cell, Setting, reached, unchanged
from amplifying.gap import gap_closed
from amplifying.speed import ratios
from keeping.finished import Finished
from keeping.result import tell

Psnrs = dict[Cell, list[float]]
"""By student: the PSNR of each held-out face, in dB."""

STYLES = ("style1", "style2")
SEEDS = (0, 1, 2)
PAIRS = (1, 5, 10)
FEW = 5
PARTS = ("regression", "without_masks", "without_detail", "without_gate")
STEPS = (1, 4, 50)
"""Denoising steps to compare with those of the experiment, which are DEFAULT_STEPS."""

DEFAULT_STEPS = 2
NEAR_DB = 0.1
STUDENT, COUNT = 1000, 400
IMAGES, ROUNDS = 400, 7


def cells() -> list[Cell]:
    """Return every student to train, those that answer the main question first."""
    main = [("direct", FEW), ("amplified", FEW), ("direct", ALL)]
    parts = [(part, FEW) for part in PARTS]
    others = [(kind, pairs) for pairs in PAIRS if pairs != FEW for kind in ("direct", "amplified")]
    steps = [(f"steps_{steps}", FEW) for steps in STEPS]
    return [
        Cell(data, seed, pairs, kind)
        for kinds, sources in (
            (main, STYLES),
            (parts, STYLES),
            (others, STYLES),
            (steps, STYLES[:1]),
            (main, ("procedural",)),
        )
        for kind, pairs in kinds
        for data in sources
        for seed in SEEDS
    ]


def trained(setting: Setting, path: Path) -> Psnrs:
    """Train the students that a file does not hold yet, one to a core; return all by cell."""
    finished = Finished.open(path, lambda cell: Cell(*cell))
    pieces = {cell: partial(reached, cell, setting) for cell in cells()}
    for cell, left in finished.finish(pieces, os.cpu_count()):
        print(f"{cell}: {fmean(finished.done[cell]):.2f} dB, {left} students left", flush=True)
    return finished.done


def psnrs_of(done: Psnrs, data: str, pairs: int) -> dict[str, list[list[float]]]:
    """Return by kind what the students of some pairs reached; `all` are those of all pairs."""
    by_kind: dict[str, list[list[float]]] = {}
    for cell in sorted(done):
        if cell.data == data and cell.pairs == pairs:
            by_kind.setdefault(cell.kind, []).append(done[cell])
        elif cell.data == data and cell.pairs == ALL:
            by_kind.setdefault("all", []).append(done[cell])
    return by_kind


def effects(done: Psnrs, setting: Setting) -> dict[str, object]:
    """Return the gaps that amplification closes, whole and without each of its parts."""
    few = {style: psnrs_of(done, style, FEW) for style in STYLES}
    by_style: dict[str, dict[str, object]] = {
        style: {str(pairs): gap_closed(psnrs_of(done, style, pairs))._asdict() for pairs in PAIRS}
        for style in STYLES
    }
    by_style["procedural"] = {str(FEW): gap_closed(psnrs_of(done, "procedural", FEW))._asdict()}
    return {
        "gap_closed": by_style,
        **{part: {style: gap_closed(few[style], part)._asdict() for style in STYLES}
           for part in PARTS},
        "unchanged": {data: round(unchanged(data, setting), 3) for data in by_style},
        **fewest_steps(few["style1"]),
    }  # fmt: skip


def fewest_steps(psnrs: dict[str, list[list[float]]]) -> dict[str, object]:
    """Return the fewest denoising steps whose student is near that of the most."""
    kinds = {DEFAULT_STEPS: "amplified", **{steps: f"steps_{steps}" for steps in STEPS}}
    means = {steps: round(fmean(map(fmean, psnrs[kinds[steps]])), 3) for steps in sorted(kinds)}
    near = [steps for steps, mean in means.items() if mean >= means[max(means)] - NEAR_DB]
    return {"min_steps": min(near), "psnr_by_steps": {str(s): mean for s, mean in means.items()}}


def main() -> None:
    """Measure; print one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--parser", type=Path, required=True, help="the face parser's file")
    parser.add_argument("--students", type=Path, default=Path("amplify-students.jsonl"))
    parser.add_argument("--save", action="store_true", help="write results/amplify.json too")
    chosen = parser.parse_args()
    speed = ratios(IMAGES, ROUNDS)
    print(json.dumps(speed), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(Path(folder), chosen.parser, STUDENT, COUNT)
        result = effects(trained(setting, chosen.students), setting) | speed
    tell("amplify", result, chosen.save, f"--parser {chosen.parser.name}")


if __name__ == "__main__":
    main()
