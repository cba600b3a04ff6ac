"""How the raw samples of a measurement are spread, in one line of text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from rich.text import Text

BINS = 32

_LEVELS = " ▁▂▃▄▅▆▇█"
_END = 0.99


class Histogram(NamedTuple):
    """How many inferences took how long.

    counts: of equal steps from `lo_ms` to `hi_ms`; the last also holds the slowest hundredth,
    which took up to `max_ms`.
    """

    lo_ms: float
    hi_ms: float
    max_ms: float
    counts: tuple[int, ...]


def histogram(samples: pl.DataFrame, bins: int = BINS) -> Histogram:
    """The candidate's runs among raw samples (the columns `protocol.SAMPLES`).

    Its right end is the 99th percentile: one disturbed inference would press all others into the
    first step. Raises ValueError where there are no runs.
    """
    runs = samples.filter((pl.col("model") == "candidate") & (pl.col("phase") == "run"))
    ms = runs["ms"].to_numpy()
    if ms.size == 0:
        raise ValueError("no samples to draw")
    lo, hi, most = float(ms.min()), float(np.quantile(ms, _END)), float(ms.max())
    width = hi - lo
    steps = (ms - lo) / width * bins if width > 0 else np.zeros_like(ms)
    places = steps.astype(int).clip(0, bins - 1)
    counts = np.bincount(places, minlength=bins)
    return Histogram(lo, hi, most, tuple(int(count) for count in counts))


def draw_histogram(name: str, spread: Histogram) -> Text:
    """A histogram as one line: where it begins, a bar a step, where it ends, the slowest."""
    most = max(spread.counts)
    bars = "".join(_LEVELS[_level(count, most)] for count in spread.counts)
    end = f"{spread.hi_ms:.2f} ms, slowest {spread.max_ms:.2f}"
    return Text.assemble(f"{spread.lo_ms:8.2f} ", (bars, "cyan"), f" {end}  {name}")


def _level(count: int, most: int) -> int:
    """Return the bar of a count; whatever is there shows."""
    return 0 if count == 0 else max(1, round(count / most * (len(_LEVELS) - 1)))
