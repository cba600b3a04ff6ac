"""What a foreign report tells of a model's speed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from paretint.device.interface import Form
from paretint.device.protocol import SAMPLES


@dataclass(frozen=True)
class Report:
    """A report, whichever tool wrote it.

    tool: the tool, as provenance names it; form: of the file that was measured, a Core ML package
    or anything made of the ONNX file; runs_ms: every inference, where it tells them; figures: by
    the names of `SPEEDS`, what else it tells; told: what it says of the device, the model, the
    settings.
    """

    tool: str
    form: Form
    figures: Mapping[str, float]
    runs_ms: tuple[float, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)

    def known(self) -> dict[str, float]:
        """What is known by the names of `SPEEDS`; what the report lacks is left out."""
        return _of_runs(self.runs_ms) | dict(self.figures)

    def samples(self) -> pl.DataFrame:
        """Its inferences as raw samples, the columns `protocol.SAMPLES`."""
        rows = [("candidate", 0, "run", 0, ms) for ms in self.runs_ms]
        return pl.DataFrame(rows, schema=SAMPLES, orient="row")


def _of_runs(runs_ms: tuple[float, ...]) -> dict[str, float]:
    if not runs_ms:
        return {}
    p50, p90, p99 = (float(np.percentile(runs_ms, level)) for level in (50, 90, 99))
    cv = float(np.std(runs_ms) / np.mean(runs_ms))
    return {"fps": 1000 / p50, "p50_ms": p50, "p90_ms": p90, "p99_ms": p99, "cv": cv}


def median(values: object, scale: float) -> float | None:
    """The median of a report's list of numbers, times `scale`; None where there are none."""
    numbers = times(values, scale)
    return float(np.median(numbers)) if numbers else None


def times(values: object, scale: float) -> tuple[float, ...]:
    """A report's list of numbers, times `scale`; () where it is none."""
    if not isinstance(values, list):
        return ()
    numbers = (value for value in values if isinstance(value, int | float))
    return tuple(value * scale for value in numbers if math.isfinite(value) and value > 0)


def present(**figures: float | None) -> dict[str, float]:
    """Those figures that are known."""
    return {name: value for name, value in figures.items() if value is not None}
