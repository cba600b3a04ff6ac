"""How the numbers of a ledger are told: their names, units, digits and intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import floor, hypot, log10
from typing import Any, NamedTuple

from paretint.config import Goal, Objective, column
from paretint.errors import UserError


class Measure(NamedTuple):
    """How a column is told to people.

    Attributes:
        title: what they call it.
        unit: its unit, empty where it has none.
        decimals: digits after the point that are worth printing.
    """

    title: str
    unit: str = ""
    decimals: int = 2


_MEASURES: dict[str, Measure] = {
    "quality.psnr": Measure("PSNR", "dB"),
    "quality.psnr_gain": Measure("Gain", "dB"),
    "quality.ssim": Measure("SSIM", decimals=4),
    "quality.lpips": Measure("LPIPS", decimals=4),
    "size.params": Measure("Parameters", decimals=0),
    "size.macs": Measure("MACs", decimals=0),
    "size.onnx_bytes": Measure("ONNX", "bytes", 0),
    "size.coreml_bytes": Measure("Core ML", "bytes", 0),
    "gate.warnings": Measure("Warnings for phones", decimals=0),
    "gate.coreml_share": Measure("Core ML takes", "of operators"),
    "gate.nnapi_share": Measure("NNAPI takes", "of operators"),
    "speed.fps": Measure("Speed", "fps", 0),
    "speed.p50_ms": Measure("p50", "ms"),
    "speed.p90_ms": Measure("p90", "ms"),
    "speed.p99_ms": Measure("p99", "ms"),
    "speed.burst_ms": Measure("Burst", "ms"),
    "speed.cv": Measure("Variation"),
    "speed.load_ms": Measure("Load", "ms", 1),
    "speed.npu_share": Measure("On the NPU"),
    "speed.relative": Measure("Against control", "×"),
    "on_front": Measure("On the front, probability"),
    "amplify.rejected": Measure("Rejected", "of draws", 3),
    "cost.speed_s": Measure("Timing first", "s", 0),
    "cost.amplify_s": Measure("Amplifying", "s", 0),
    "cost.train_s": Measure("Training", "s", 0),
    "cost.ship_s": Measure("Scoring and exporting", "s", 0),
}


@cache
def measure(name: str) -> Measure:
    """How the column ``name`` is told; a device's speed as the first device's is."""
    room, _, rest = name.partition(".")
    figure = rest.rpartition(".")[2]
    return _MEASURES.get(f"{room}.{figure}" if rest else room) or Measure(figure or name)


def goal_of(name: str, objectives: Iterable[Objective] = ()) -> Goal:
    """Which way the column ``name`` is better: as an objective says, else as its kind does.

    Raises:
        UserError: there is no such column, or neither more nor less of it is better.
    """
    stated = {objective.column: objective.goal for objective in objectives}
    goal = stated.get(name) or column(name).goal
    if goal is None:
        raise UserError(
            f"{name}: neither more nor less of it is better; choose one such as quality.psnr,"
            " speed.fps or size.onnx_bytes"
        )
    return goal


ARM = 1.959964
"""Standard errors in one arm of a 95 % interval."""


class Estimate(NamedTuple):
    """A score with its 95 % interval, where one was computed."""

    value: float
    lo: float | None = None
    hi: float | None = None

    @property
    def margin(self) -> float | None:
        """The longer arm of the interval."""
        if self.lo is None or self.hi is None:
            return None
        return max(self.value - self.lo, self.hi - self.value)

    def clear_of(self, other: Estimate) -> bool:
        """Whether both have intervals and these do not touch."""
        if self.lo is None or self.hi is None or other.lo is None or other.hi is None:
            return False
        return self.lo > other.hi or other.lo > self.hi

    def less(self, other: Estimate) -> Estimate:
        """This less another score, whose errors are taken for independent."""
        difference = self.value - other.value
        if self.lo is None or self.hi is None or other.lo is None or other.hi is None:
            return Estimate(difference)
        down = hypot(self.value - self.lo, other.hi - other.value)
        up = hypot(self.hi - self.value, other.value - other.lo)
        return Estimate(difference, difference - down, difference + up)

    @property
    def clear_of_zero(self) -> bool:
        """Whether it has an interval, and 0 lies outside."""
        return self.lo is not None and self.hi is not None and (self.lo > 0 or self.hi < 0)


def estimate(row: Mapping[str, Any], name: str) -> Estimate | None:
    """The score in the column ``name`` of a ledger's row; None where it was not measured."""
    if row.get(name) is None:
        return None
    return Estimate(row[name], row.get(f"{name}_lo"), row.get(f"{name}_hi"))


def recipe_text(row: Mapping[str, Any]) -> str:
    """The parameters of a ledger's row in one line: ``pairs 5 · amplified 1,000 · width 16``."""
    return " · ".join(
        f"{name.removeprefix('param.')} {show(name, value)}"
        for name, value in row.items()
        if name.startswith("param.") and value is not None
    )


def show(name: str, value: object) -> str:
    """``value`` of the column ``name`` as people read it, without its unit; a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, Estimate):
        margin = "" if value.margin is None else f" ±{show(name, value.margin)}"
        return show(name, value.value) + margin
    if isinstance(value, float) and name.startswith("param."):
        return f"{value:.3g}"
    if isinstance(value, float):
        return f"{value:,.{measure(name).decimals}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def with_unit(name: str, value: object) -> str:
    """``value`` of the column ``name`` as people read it, with its unit."""
    return f"{show(name, value)} {measure(name).unit}".rstrip()


def volume_teller(volumes: Sequence[float]) -> Callable[[float], str]:
    """Tells hypervolumes with so many digits that the largest of ``volumes`` has at least four."""
    largest = max(volumes)
    decimals = max(0, 3 - floor(log10(max(largest, 1e-6)))) if largest else 0
    return lambda volume: f"{volume:,.{decimals}f}"


def told(row: Mapping[str, Any], name: str) -> str:
    """The column ``name`` of a ledger's row as people read it, with its interval and its unit."""
    return with_unit(name, estimate(row, name))
