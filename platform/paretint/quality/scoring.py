"""A candidate's quality on the held-out pairs, in the columns of the ledger."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from paretint.faces import Pairs
from paretint.quality.interval import bootstrap
from paretint.quality.measures import psnr, ssim
from paretint.quality.perceptual import lpips_distance


def score(made_up: Tensor, heldout: Pairs, with_lpips: bool) -> dict[str, float]:
    """Return `quality.*` of made-up photos against the held-out afters, with 95 % intervals.

    made_up: uint8 [N, 3, S, S], the held-out befores as a candidate made them up. `psnr_gain` is
    over the unchanged photo, face by face: doing nothing already scores about 30 dB.
    """
    reached = psnr(made_up, heldout.after)
    values = {
        "psnr": reached,
        "psnr_gain": reached - psnr(heldout.before, heldout.after),
        "ssim": ssim(made_up, heldout.after),
    }
    if with_lpips:
        values["lpips"] = lpips_distance(made_up, heldout.after)
    return {name: number for key in values for name, number in _columns(key, values[key])}


def _columns(name: str, values: NDArray[np.float64]) -> list[tuple[str, float]]:
    interval = bootstrap(values)
    column = f"quality.{name}"
    return [(column, interval.mean), (f"{column}_lo", interval.lo), (f"{column}_hi", interval.hi)]
