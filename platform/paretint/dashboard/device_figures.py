"""The figures of devices' timings, drawn from their plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
from dash.development.base_component import Component

from paretint.dashboard.blocks import mark
from paretint.dashboard.device_ranks import RankPicture, RankPoint
from paretint.dashboard.device_samples import SamplePicture
from paretint.dashboard.device_timings import Timing, TimingPicture
from paretint.dashboard.drawing import hover
from paretint.dashboard.theme import BLUE, BLUE_TINT, GREY, layout
from paretint.front import show

_WIDE = 20
"""Times that lie further apart than so many times are drawn on a logarithmic axis."""

_FEW = 10

_DASHES = {"color": GREY, "width": 1.5, "dash": "dash"}


def draw_timing_picture(picture: TimingPicture) -> go.Figure:
    """How the inferences of each model are spread: its median, to the 90th and 99th percentile."""
    timed = picture.timings
    places = list(range(1, len(timed) + 1))
    medians = [timing.p50_ms or 0.0 for timing in timed]
    figure = _figure("models, the fastest first", "ms an inference")
    figure.update_xaxes(showgrid=False, **_counted(len(timed)))
    figure.update_yaxes(_scale(medians))
    figure.add_trace(_reach(places, medians, [t.p99_ms for t in timed], 1.5))
    figure.add_trace(_reach(places, medians, [t.p90_ms for t in timed], 5))
    figure.add_trace(_dots(places, medians, map(_told, timed), 8 if len(timed) <= 40 else 5))
    return figure


def timing_key() -> list[Component]:
    """What the marks of the timings stand for."""
    return [
        mark("dot", BLUE, "median"),
        mark("post wide", BLUE, "to the 90th percentile"),
        mark("post", BLUE, "to the 99th"),
    ]


def draw_burst_picture(picture: TimingPicture) -> go.Figure:
    """How much longer the first inferences of a fresh session take than later ones."""
    timed = [timing for timing in picture.timings if timing.burst is not None]
    medians = [timing.p50_ms or 0.0 for timing in timed]
    figure = _figure("sustained, ms an inference", "burst, × sustained")
    figure.update_xaxes(_scale(medians))
    figure.add_hline(1.0, line=_DASHES)
    bursts = [timing.burst or 0.0 for timing in timed]
    figure.add_trace(_dots(medians, bursts, map(_told, timed), 8))
    return figure


def burst_key() -> list[Component]:
    """What the marks of the bursts stand for."""
    return [mark("dot", BLUE, "a model"), mark("dashes", GREY, "no difference")]


def draw_rank_picture(picture: RankPicture) -> go.Figure:
    """The place of each model on either device; on the line it is the same."""
    figure = _figure(f"place on {escape(picture.host)}", f"place on {escape(picture.device)}")
    last = picture.models + 0.5
    figure.update_xaxes(range=[0.5, last], **_counted(picture.models))
    figure.update_yaxes(range=[last, 0.5], **_counted(picture.models))
    figure.add_trace(
        go.Scatter(x=[0.5, last], y=[0.5, last], mode="lines", line=_DASHES, hoverinfo="skip")
    )
    told = (_told_places(picture, point) for point in picture.points)
    hosts, devices = ([getattr(p, n) for p in picture.points] for n in ("host", "device"))
    figure.add_trace(_dots(hosts, devices, told, 8))
    return figure


def rank_key() -> list[Component]:
    """What the marks of the places stand for."""
    return [mark("dot", BLUE, "a model"), mark("dashes", GREY, "the same place on both")]


def draw_histogram_picture(picture: SamplePicture) -> go.Figure:
    """How many settled inferences of one model took how long."""
    figure = _figure("ms an inference", "inferences")
    figure.update_layout(bargap=0.05)
    figure.add_trace(
        go.Bar(
            x=[(lo + hi) / 2 for lo, hi in pairwise(picture.edges)],
            y=picture.counts,
            marker={"color": BLUE, "line": {"width": 0}},
            hovertemplate="%{y:,} took about %{x:.4g} ms<extra></extra>",
        )
    )
    return figure


def draw_pace_picture(picture: SamplePicture) -> go.Figure:
    """How long the first, second, .. inference of a fresh session takes."""
    figure = _figure("inferences since the model was loaded", "ms, median over sessions")
    figure.update_yaxes(rangemode="tozero")
    figure.add_trace(
        go.Scatter(
            x=list(range(1, len(picture.pace) + 1)),
            y=picture.pace,
            mode="lines",
            line={"color": BLUE, "width": 2},
            fill="tozeroy",
            fillcolor=BLUE_TINT,
            hovertemplate="number %{x}: %{y:.4g} ms<extra></extra>",
        )
    )
    return figure


def _counted(most: int) -> dict[str, Any]:
    """An axis of whole numbers; of a few, Plotly would write each twice."""
    return {"tickformat": ",d"} | ({"dtick": 1} if most <= _FEW else {})


def _figure(x: str, y: str) -> go.Figure:
    figure = go.Figure(layout=layout())
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y)
    return figure


def _scale(values: Sequence[float]) -> dict[str, Any]:
    """An axis from 0, or a logarithmic one where the values lie far apart."""
    known = [value for value in values if value > 0]
    if known and max(known) > _WIDE * min(known):
        return {"type": "log", "dtick": "D2"}
    return {"rangemode": "tozero"}


def _reach(
    places: Sequence[int], medians: Sequence[float], ends: Sequence[float | None], width: float
) -> go.Scatter:
    """A line from each median up to another quantile, where that is known."""
    above = [0.0 if e is None else e - m for m, e in zip(medians, ends, strict=True)]
    return go.Scatter(
        x=places,
        y=medians,
        mode="markers",
        marker={"size": 0.1, "color": BLUE},
        error_y={
            "type": "data", "symmetric": False, "array": above, "arrayminus": [0.0] * len(above),
            "color": BLUE, "thickness": width, "width": 0,
        },
        hoverinfo="skip",
    )  # fmt: skip


def _dots(x: Sequence[float], y: Sequence[float], told: Iterable[str], size: int) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"size": size, "color": BLUE},
        customdata=list(told),
        hovertemplate="%{customdata}<extra></extra>",
    )


def _told(timing: Timing) -> str:
    """What a measurement comes to, line by line."""
    others = f" and {timing.trials - 1:,} more" if timing.trials > 1 else ""
    figures = {
        "p50": timing.p50_ms, "p90": timing.p90_ms, "p99": timing.p99_ms,
        "burst": timing.burst_ms, "load": timing.load_ms,
    }  # fmt: skip
    times = (f"{name} {value:.4g} ms" for name, value in figures.items() if value is not None)
    lines = [timing.recipe, ", ".join(times)]
    if timing.relative is not None:
        lines.append(f"{show('speed.relative', timing.relative)} × the control model's speed")
    return "<br>".join(
        [f"<b>{escape(timing.trial)}</b>{others}", *map(escape, filter(None, lines))]
    )


def _told_places(picture: RankPicture, point: RankPoint) -> str:
    lines = (
        f"{device}: place {place:g}, {fps:,.1f} fps"
        for device, place, fps in (
            (picture.host, point.host, point.host_fps),
            (picture.device, point.device, point.device_fps),
        )
    )
    return hover(point.trial, lines)
