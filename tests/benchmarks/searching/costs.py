"""What recipes cost when they are replayed: seconds that do not depend on what lay in a store."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.optimize import nnls

Row = dict[str, Any]

TIMING, ENDING = 0.55, 0.85
"""What timing a new architecture, and exporting and scoring a trial, take beside its training.

Both are shares of the table's median training. No column tells them: they come from the log of the
recording run, which had two trials at a time. A trial begins where another ends; what it took less
what it amplified and trained is 0.85 of its training in the median, and for the ten networks timed
among the first 40 trials 0.55 of a training more than for the others there.
"""


class Work(NamedTuple):
    """A piece of work, which is done once whoever asks for it first."""

    name: Hashable
    seconds: float


class Amplifying(NamedTuple):
    """The seconds of fine-tuning an amplifier, and those of an image."""

    fine_tune_s: float
    image_s: float

    @classmethod
    def fitted(cls, rows: Iterable[Row]) -> Self:
        """Fit both to trials in the order in which they began.

        Least squares, nowhere negative, of `cost.amplify_s` over whether the amplifier was new, how
        many images were, and one, which stands for opening what was there; that is left out.
        """
        made: dict[str, int] = {}
        works, seconds = [], []
        for row in rows:
            amplifier, count = row["amplifier_key"], row["param.amplified"]
            if count:
                known = made.get(amplifier, 0)
                works.append((float(not known), float(max(0, count - known)), 1.0))
                seconds.append(row["cost.amplify_s"])
                made[amplifier] = max(known, count)
        fine_tune_s, image_s, _ = nnls(np.array(works), np.array(seconds))[0].tolist()
        return cls(fine_tune_s, image_s)
