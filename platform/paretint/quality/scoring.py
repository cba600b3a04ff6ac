"""A candidate's quality on the held-out pairs, in the columns of the ledger."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from paretint.faces import Pairs
from paretint.quality.interval import bootstrap
from paretint.quality.measures import psnr, ssim
from paretint.quality.perceptual import lpips_distance

ByFace = dict[str, NDArray[np.float64]]
"""Scores of each held-out face, [N], by their columns of the ledger."""


def score(made_up: Tensor, heldout: Pairs, with_lpips: bool) -> dict[str, float]:
    """Return `quality.*` of made-up photos against the held-out afters, with 95 % intervals.

    As `score_faces`, of which these are the means.
    """
    return mean_scores(score_faces(made_up, heldout, with_lpips))


def score_faces(made_up: Tensor, heldout: Pairs, with_lpips: bool) -> ByFace:
    """Return `quality.*` of each made-up photo against its held-out after.

    made_up: uint8 [N, 3, S, S], the held-out befores as a candidate made them up. `psnr_gain` is
    over the unchanged photo, face by face: doing nothing already scores about 30 dB.
    """
    reached = psnr(made_up, heldout.after)
    values = {
        "quality.psnr": reached,
        "quality.psnr_gain": reached - psnr(heldout.before, heldout.after),
        "quality.ssim": ssim(made_up, heldout.after),
    }
    if with_lpips:
        values["quality.lpips"] = lpips_distance(made_up, heldout.after)
    return values


def mean_scores(scores: ByFace) -> dict[str, float]:
    """Return the mean over faces of each score, with its 95 % interval."""
    return {name: number for key in scores for name, number in _columns(key, scores[key])}


def _columns(column: str, values: NDArray[np.float64]) -> list[tuple[str, float]]:
    interval = bootstrap(values)
    return [(column, interval.mean), (f"{column}_lo", interval.lo), (f"{column}_hi", interval.hi)]
