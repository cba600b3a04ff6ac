"""How much of the gap between few pairs and all of them amplification closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Psnrs = Mapping[str, Sequence[Sequence[float]]]
"""By kind of student: PSNR by seed and held-out face, in dB."""

RESAMPLES = 2000


class Gap(NamedTuple):
    """(amplified - direct) / (all - direct), with its 95 % interval and the three means in dB."""

    gap_closed: float
    lo: float
    hi: float
    direct: float
    amplified: float
    all: float


def gap_closed(psnrs: Psnrs, kind: str = "amplified") -> Gap:
    """Return the gap that students of a kind close, those of `direct` and `all` beside them.

    The interval is a percentile bootstrap over seeds and held-out faces; each resample takes the
    same of the three.
    """
    arrays = {name: np.asarray(psnrs[name], dtype=float) for name in ("direct", kind, "all")}
    direct, amplified, everything = arrays.values()
    random = np.random.default_rng(0)
    seeds, faces = direct.shape
    drawn = [
        _share(*(array[np.ix_(s, f)] for array in arrays.values()))
        for s, f in (
            (random.integers(seeds, size=seeds), random.integers(faces, size=faces))
            for _ in range(RESAMPLES)
        )
    ]
    lo, hi = np.percentile(drawn, [2.5, 97.5])
    means = (float(array.mean()) for array in arrays.values())
    share = _share(direct, amplified, everything)
    numbers = (share, float(lo), float(hi), *means)
    return Gap(*(round(number, 3) for number in numbers))


def _share(
    direct: NDArray[np.float64], amplified: NDArray[np.float64], everything: NDArray[np.float64]
) -> float:
    return float((amplified.mean() - direct.mean()) / (everything.mean() - direct.mean()))
