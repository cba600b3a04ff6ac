"""How fast procedural faces are drawn, and how hard they are: `scripts/bench faces [--save]`.

Hard means that five pairs do not tell a student what five hundred do: the distance between the
two, `gap_db`, is what amplification can win at most.
"""

from __future__ import annotations

import argparse
import time
from statistics import mean, median

import torch
from keeping.result import tell

from paretint.faces import STYLES, Pairs, render_pairs, to_bytes, to_float
from paretint.quality import psnr
from paretint.student import Schedule, TinyBeauty, Training

SIZE = 64
STYLE = STYLES["rose"].vector()
FEW, MANY, HELDOUT = 5, 500, 200
SEEDS = (0, 1)
SCHEDULE = Schedule(steps=800, batch=8, learning_rate=2e-3)
ROUNDS, FACES_A_ROUND = 9, 256


def pairs_per_second() -> float:
    """Return the median over some rounds; a photo before and one after makeup are a pair."""

    def once(seed: int) -> float:
        start = time.perf_counter()
        render_pairs(STYLE, FACES_A_ROUND, SIZE, seed)
        return FACES_A_ROUND / (time.perf_counter() - start)

    once(0)
    return median(once(seed) for seed in range(ROUNDS))


def student_psnr(pairs: Pairs, heldout: Pairs, seed: int) -> float:
    """Return the mean PSNR of a student trained on `pairs` alone, on faces it has never met."""
    torch.manual_seed(seed)
    network = TinyBeauty(width=16, blocks=4)
    Training(network, pairs, SCHEDULE, seed).advance(SCHEDULE.steps)
    with torch.inference_mode():
        made_up = to_bytes(network(to_float(heldout.before)))
    return float(psnr(made_up, heldout.after).mean())


def hardness() -> dict[str, float]:
    """Return the PSNR of the unchanged photo and of students of few and many pairs, in dB."""
    heldout = render_pairs(STYLE, HELDOUT, SIZE, seed=len(SEEDS))
    few, many = [], []
    for seed in SEEDS:
        pairs = render_pairs(STYLE, MANY, SIZE, seed)
        few.append(student_psnr(pairs.first(FEW), heldout, seed))
        many.append(student_psnr(pairs, heldout, seed))
    return {
        "unchanged": float(psnr(heldout.before, heldout.after).mean()),
        "direct_5": mean(few),
        "direct_500": mean(many),
        "gap_db": mean(many) - mean(few),
        "gap_db_least": min(m - f for f, m in zip(few, many, strict=True)),
    }


def main() -> None:
    """Measure on one thread; print one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--save", action="store_true", help="write results/faces.json too")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    speed = pairs_per_second()
    result = {"pairs_per_s": round(speed), "photos_per_s": round(2 * speed)}
    result |= {name: round(value, 2) for name, value in hardness().items()}
    tell("faces", result, chosen.save)


if __name__ == "__main__":
    main()
