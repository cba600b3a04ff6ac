"""The timeline of a search, drawn from its plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import plotly.graph_objects as go
from dash.development.base_component import Component

from paretint.dashboard.blocks import mark
from paretint.dashboard.drawing import hover
from paretint.dashboard.theme import BLUE, GOLD, GREEN, GREY, VERMILLION, layout
from paretint.dashboard.timeline_bars import Stretch, TimelineBar, TimelinePicture
from paretint.dashboard.volume_figure import time_unit
from paretint.front import measure

STAGE_COLORS = {
    "cost.speed_s": GOLD,
    "cost.amplify_s": GREEN,
    "cost.train_s": BLUE,
    "cost.ship_s": VERMILLION,
}
_LANE = 34
_REST = "between stages"


def timeline_height(picture: TimelinePicture) -> int:
    """The pixels that a timeline of so many workers needs."""
    return 96 + _LANE * max(2, len(picture.workers))


def draw_timeline_picture(picture: TimelinePicture) -> go.Figure:
    """``picture`` as a Plotly figure: a lane for each worker, a bar for each trial's stages."""
    lanes = {worker: lane for lane, worker in enumerate(picture.workers)}
    unit, seconds = time_unit(max((bar.end_s for bar in picture.bars), default=0.0))
    figure = go.Figure(layout=layout())
    figure.update_layout(hovermode="closest", barmode="overlay", bargap=0.3)
    figure.update_xaxes(title_text=f"{unit} since the first trial began")
    figure.update_yaxes(
        tickvals=[*lanes.values()],
        ticktext=[escape(worker) for worker in lanes],
        range=[len(lanes) - 0.4, -0.7],
        automargin=True,
    )
    parts = [(bar, part) for bar in picture.bars for part in bar.stretches]
    figure.add_trace(_bars([*map(_rest, picture.bars)], lanes, seconds, GREY, 0.2))
    for stage, color in STAGE_COLORS.items():
        of_stage = [(bar, part) for bar, part in parts if part.stage == stage]
        figure.add_trace(_bars(of_stage, lanes, seconds, color, 0.7))
    failed = [bar for bar in picture.bars if bar.state == "failed"]
    figure.add_trace(_crosses(failed, lanes, seconds))
    return figure


def timeline_key(picture: TimelinePicture) -> list[Component]:
    """What the colours of the timeline stand for."""
    used = {part.stage for bar in picture.bars for part in bar.stretches}
    key = [
        mark("block", color, measure(stage).title.lower())
        for stage, color in STAGE_COLORS.items()
        if stage in used
    ]
    key.append(mark("block", GREY, _REST))
    if any(bar.state == "failed" for bar in picture.bars):
        key.append(mark("saltire", GREY, "failed"))
    return key


def _rest(bar: TimelineBar) -> tuple[TimelineBar, Stretch]:
    """What of a trial no stage covers, which lies behind them all."""
    begin = max([bar.begin_s, *(part.begin_s + part.seconds for part in bar.stretches)])
    return bar, Stretch(_REST, begin, max(0.0, bar.end_s - begin))


def _bars(
    parts: Sequence[tuple[TimelineBar, Stretch]],
    lanes: Mapping[str, int],
    unit: float,
    color: str,
    width: float,
) -> go.Bar:
    """Bars of a ``width`` in lanes; an axis tells its seconds in units of so many."""
    return go.Bar(
        orientation="h",
        base=[part.begin_s / unit for _, part in parts],
        x=[part.seconds / unit for _, part in parts],
        y=[lanes[bar.worker] for bar, _ in parts],
        width=width,
        marker={"color": color, "line": {"width": 0}},
        customdata=[_told(bar, part) for bar, part in parts],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _crosses(bars: Sequence[TimelineBar], lanes: Mapping[str, int], unit: float) -> go.Scatter:
    """Crosses over the ends of bars."""
    return go.Scatter(
        x=[bar.end_s / unit for bar in bars],
        y=[lanes[bar.worker] - 0.5 for bar in bars],
        mode="markers",
        marker={"symbol": "x-thin", "size": 8, "line": {"width": 2, "color": GREY}},
        cliponaxis=False,
        customdata=[_told(bar) for bar in bars],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _told(bar: TimelineBar, part: Stretch | None = None) -> str:
    lines = [*bar.story, f"{bar.end_s - bar.begin_s:,.1f} s in all, by {bar.worker}"]
    if part is not None:
        stage = _REST if part.stage == _REST else measure(part.stage).title.lower()
        lines.append(f"{stage}: {part.seconds:,.1f} s")
    return hover(bar.trial, lines)
