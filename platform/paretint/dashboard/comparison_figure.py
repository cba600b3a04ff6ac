"""The figures of a comparison, drawn from their plain data."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from paretint.dashboard.blocks import mark
from paretint.dashboard.comparison_points import Differences, FrontLine, FrontLines
from paretint.dashboard.drawing import axis_title, bars, hover, reference_point
from paretint.dashboard.theme import BLUE, GOLD, GREEN, GREY, PURPLE, VERMILLION, layout
from paretint.front import Estimate

_COLORS = (BLUE, VERMILLION, GREEN, PURPLE, GOLD)
_SYMBOLS = ("circle", "diamond", "square", "triangle-up")
_SHAPES = ("dot", "diamond", "square", "triangle")
_THICK = 1.5
# The heights in pixels of a run in a panel of differences, of what is around a panel's runs, and of
# what is above them all.
_RUN, _FRAME, _MARGIN = 28, 72, 24


class Style(NamedTuple):
    """What tells a run's marks: a colour, and a symbol for who does not see it."""

    color: str
    symbol: str
    shape: str


def style_of(place: int) -> Style:
    """The marks of the run at a place of the comparison; twenty runs have their own."""
    kind = place % len(_SYMBOLS)
    return Style(_COLORS[place % len(_COLORS)], _SYMBOLS[kind], _SHAPES[kind])


def run_mark(place: int, name: str) -> Component:
    """A run's mark and its name."""
    style = style_of(place)
    dot = html.Span(className=f"mark {style.shape}", style={"color": style.color})
    return html.Span([dot, html.Span(name)], className="run")


def run_key(names: Sequence[str]) -> list[Component]:
    """What the marks of the figures stand for."""
    runs = [html.Li(run_mark(place, name)) for place, name in enumerate(names)]
    return [*runs, mark("cross", GREY, "reference point")]


def draw_front_lines(fronts: FrontLines) -> go.Figure:
    """``fronts`` as a Plotly figure; a point's recipe shows when it is pointed at."""
    figure = go.Figure(layout=layout())
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text=axis_title(fronts.x.column), exponentformat="none")
    figure.update_yaxes(title_text=axis_title(fronts.y.column), exponentformat="none")
    place = fronts.x.reference, fronts.y.reference
    figure.add_trace(reference_point(fronts.x.column, fronts.y.column, place))
    for number, line in enumerate(fronts.lines):
        figure.add_traces([_stairs(line, number), _marks(line, number)])
    return figure


def _stairs(line: FrontLine, place: int) -> go.Scatter:
    return go.Scatter(
        x=[corner[0] for corner in line.corners],
        y=[corner[1] for corner in line.corners],
        mode="lines",
        line={"color": style_of(place).color, "width": 1.5},
        hoverinfo="skip",
    )


def _marks(line: FrontLine, place: int) -> go.Scatter:
    style = style_of(place)
    return go.Scatter(
        x=[point.x.value for point in line.points],
        y=[point.y.value for point in line.points],
        error_x=bars([point.x for point in line.points], style.color, _THICK),
        error_y=bars([point.y for point in line.points], style.color, _THICK),
        mode="markers",
        marker={"color": style.color, "symbol": style.symbol, "size": 10},
        customdata=[hover(line.run, point.story) for point in line.points],
        hovertemplate="%{customdata}<extra></extra>",
        name=escape(line.run),
    )


def draw_differences(panels: Sequence[Differences], names: Sequence[str]) -> go.Figure:
    """A panel for each number: how far each run is from the first, which is the line at 0."""
    axes: dict[str, Any] = {}
    for number, panel in enumerate(panels, 1):
        axes[f"xaxis{number}"] = _across(panel) | {"anchor": f"y{number}"}
        axes[f"yaxis{number}"] = {
            "domain": _domain(number, panels), "anchor": f"x{number}", "showticklabels": False,
            "showgrid": False, "zeroline": False, "fixedrange": True,
            "range": [max(panel.runs) + 0.5, 0.5],
        }  # fmt: skip
    margin = {"l": 16, "r": 16, "t": _MARGIN, "b": _FRAME}
    marks = [
        _difference(number, panel, place, over, names[place])
        for number, panel in enumerate(panels, 1)
        for place, over in zip(panel.runs, panel.over, strict=True)
    ]
    return go.Figure(marks, layout() | axes | {"hovermode": "closest", "margin": margin})


def difference_height(panels: Sequence[Differences]) -> int:
    """The height in pixels that `draw_differences` wants."""
    return _MARGIN + len(panels) * (_RUN * len(panels[0].runs) + _FRAME)


def _domain(number: int, panels: Sequence[Differences]) -> list[float]:
    """Where a panel lies in the figure, from below; the last one's frame is the lower margin."""
    height = _RUN * len(panels[0].runs)
    whole = difference_height(panels) - _MARGIN - _FRAME
    low = (len(panels) - number) * (height + _FRAME)
    return [low / whole, (low + height) / whole]


def _difference(
    number: int, panel: Differences, place: int, over: Estimate, name: str
) -> go.Scatter:
    style = style_of(place)
    interval = "" if over.lo is None else f"<br>{over.lo:+,.4g} to {over.hi:+,.4g}"
    told = f"<b>{escape(name)}</b><br>{escape(panel.title)} {over.value:+,.4g}{interval}"
    return go.Scatter(
        x=[over.value], y=[place], xaxis=f"x{number}", yaxis=f"y{number}",
        error_x=bars([over], style.color, _THICK), mode="markers", cliponaxis=False,
        marker={"color": style.color, "symbol": style.symbol, "size": 10},
        customdata=[told], hovertemplate="%{customdata}<extra></extra>", name=escape(name),
    )  # fmt: skip


def _across(panel: Differences) -> dict[str, Any]:
    unit = f", {panel.unit}" if panel.unit else ""
    way = "more is better" if panel.better else "less is better"
    return {
        "title_text": escape(f"{panel.title}{unit} ({way})"), "title_standoff": 4,
        "zeroline": True, "zerolinecolor": GREY, "zerolinewidth": 2, "rangemode": "tozero",
        "showline": False, "ticks": "", "separatethousands": True, "exponentformat": "none",
    }  # fmt: skip
