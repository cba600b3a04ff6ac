"""The tables of devices' timings, drawn from their plain data."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from paretint.dashboard.amounts import heading
from paretint.dashboard.blocks import table
from paretint.dashboard.device_origins import (
    NumberOrigin,
    Placement,
    PlacementTable,
    SpeedOrigin,
)
from paretint.dashboard.device_ranks import RankPicture
from paretint.dashboard.device_timings import Timing

_FIGURES = ("fps", "p50_ms", "p90_ms", "p99_ms", "burst_ms", "cv", "load_ms")
_HERE = "the run: timed by its processes, or found in their store"


def draw_front_timings(timings: Sequence[Timing]) -> Component:
    """The timings of the models on the front."""
    names = [f"speed.{figure}" for figure in (*_FIGURES, "relative")]
    heads = [heading(name) for name in names]
    return table(["on the front", *heads, "come by"], map(_timing, timings))


def _timing(timing: Timing) -> list[Component | str]:
    figures = [_brief(getattr(timing, figure)) for figure in _FIGURES]
    relative = _brief(timing.relative and timing.relative.value)
    return [timing.trial, *figures, relative, timing.origin]


def draw_rank_table(pictures: Sequence[RankPicture]) -> Component:
    """How far each device agrees with the host."""
    heads = ["", "models\nmeasured on both", "rank correlation"]
    return table(heads, [[p.device, f"{p.models:,}", _rho(p)] for p in pictures])


def _rho(picture: RankPicture) -> str:
    rho = picture.rho
    if rho is None:
        return "–"
    interval = "" if rho.lo is None else f" ({rho.lo:.2f} to {rho.hi:.2f})"
    return f"{rho.value:.2f}{interval}"


def draw_placement_table(found: PlacementTable, most: int) -> Component:
    """Where the operators of models run, of at most ``most`` kinds of them."""
    heads: list[Component | str] = [
        "first",
        _column("warnings for phones"),
        "trials",
        "Core ML\ntakes",
        "NNAPI\ntakes",
    ]
    heads += [f"on the NPU\n{device}" for device in found.devices]
    return table(heads, [_placed(row) for row in found.rows[:most]])


def _placed(row: Placement) -> list[Component | str]:
    shares = [_share(row.coreml, row.coreml), _share(row.nnapi, row.nnapi)]
    shares += [_share(*ends) if ends else "–" for ends in row.npu]
    return [row.trial, _cell(row.why or "none"), f"{row.trials:,}", *shares]


def draw_speed_origins(origins: Sequence[SpeedOrigin]) -> Component:
    """How the speeds of each device were come by."""
    texts = [_column(name) for name in ("come by", "figures", "as told by")]
    return table(["", "trials", *texts], [_speed_origin(origin) for origin in origins])


def _speed_origin(origin: SpeedOrigin) -> list[Component | str]:
    sources = "; ".join(f"{told} ({count:,})" for told, count in origin.sources)
    named = f" and {origin.baselines:,} baselines" if origin.baselines else ""
    figures = _cell(", ".join(origin.figures))
    told = [_cell(origin.told), figures, _cell(sources or _HERE)]
    return [f"speed.{origin.device}.*", f"{origin.trials:,}{named}", *told]


def draw_number_origins(origins: Sequence[NumberOrigin]) -> Component:
    """How the numbers were come by that are no speeds."""
    rows: list[list[Component | str]] = [
        [origin.columns, f"{origin.trials:,}", _cell(origin.told)] for origin in origins
    ]
    return table(["", "trials", _column("come by")], rows)


def _brief(value: float | None) -> str:
    """Three digits of a number, for models may differ a hundredfold."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _share(low: float | None, high: float | None) -> str:
    """A share, or the least and the most of some, in per cent."""
    if low is None or high is None:
        return "–"
    return f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"


def _cell(text: str) -> Component:
    """A cell of running text."""
    return html.Td(text, className="text")


def _column(text: str) -> Component:
    """The head of a column of running text."""
    return html.Th(text, scope="col", className="text")
