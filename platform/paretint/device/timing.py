"""A speed: what raw samples come down to, and its columns in the ledger."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from paretint.device.relative import relative

OF_PREDICTIONS = ("fps_lo", "fps_hi", "p50_ms_lo", "p50_ms_hi")
"""Columns that a measurement leaves empty, for it may take the place of a prediction."""

BURST = 10
"""How many inferences of a fresh session are its burst."""


@dataclass(frozen=True)
class Timing:
    """The speed of one model on one device.

    `fps`: 1000 / `p50_ms`; `p50_ms`, `p90_ms`, `p99_ms`: quantiles of one inference, in ms, once
    its pace has settled; `burst_ms`: median of the first inferences of a session, which phones run
    faster, and hosts slower; `cv`: standard deviation over mean; `load_ms`: median time to load;
    `relative`: the control model's time over this one's, above 1 where this is faster, with its
    95 % interval, `relative_lo` to `relative_hi`; `provenance`: how it was come by; `npu_share`:
    the share of the work that a neural accelerator takes, None where the device does not tell.
    """

    device: str
    fps: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    burst_ms: float
    cv: float
    load_ms: float
    relative: float
    relative_lo: float
    relative_hi: float
    provenance: str
    npu_share: float | None = None

    def columns(self, primary: bool) -> dict[str, float | str | None]:
        """The ledger's `speed.<device>.*`; with `primary`, `speed.*` of the first device too."""
        figures: dict[str, float | str | None] = {**self.figures(), **dict.fromkeys(OF_PREDICTIONS)}
        device = self.device
        prefixes = [f"speed.{device}.", *(["speed."] if primary else [])]
        return {prefix + name: value for prefix in prefixes for name, value in figures.items()}

    def figures(self) -> dict[str, float | str]:
        """What is known, by the names of `SPEEDS`."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        del known["device"]
        return known


def summarise(samples: pl.DataFrame, device: str, npu_share: float | None = None) -> Timing:
    """The `Timing` that raw `samples` (the columns `protocol.SAMPLES`) come down to.

    Raises ValueError where they hold no runs.
    """
    own = samples.filter(pl.col("model") == "candidate")
    ms = own.filter(pl.col("phase") == "run")["ms"]
    p50, p90, p99 = (_quantile(ms, level) for level in (0.5, 0.9, 0.99))
    against = relative(samples)
    return Timing(
        device=device,
        fps=1000 / p50,
        p50_ms=p50,
        p90_ms=p90,
        p99_ms=p99,
        burst_ms=_burst(own),
        cv=_number(ms.std(ddof=0)) / _number(ms.mean()),
        load_ms=_quantile(own.filter(pl.col("phase") == "load")["ms"], 0.5),
        relative=against.value,
        relative_lo=against.lo,
        relative_hi=against.hi,
        provenance=f"measured:{device}",
        npu_share=npu_share,
    )


def _burst(own: pl.DataFrame) -> float:
    """Return the median of the first inferences of all sessions, however many warmed it up."""
    inferences = own.filter(pl.col("phase") != "load")
    first = inferences.group_by("session", maintain_order=True).head(BURST)
    return _quantile(first["ms"], 0.5)


def _quantile(series: pl.Series, level: float) -> float:
    return _number(series.quantile(level, interpolation="linear"))


def _number(value: object) -> float:
    if not isinstance(value, float):
        raise ValueError("no samples to sum up")
    return value
