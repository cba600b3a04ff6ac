"""The figure of a front, drawn from its plain data."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
from dash.development.base_component import Component

from paretint.dashboard.blocks import mark
from paretint.dashboard.drawing import axis_title, bars
from paretint.dashboard.front_points import BaselinePoint, FrontPicture, FrontPoint
from paretint.dashboard.theme import BLUE, BLUE_TINT, GREEN, GREY, VERMILLION, layout

_LABELS = 8


def draw_front_picture(picture: FrontPicture) -> go.Figure:
    """``picture`` as a Plotly figure; a point's recipe shows when it is pointed at."""
    figure = go.Figure(layout=layout())
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text=axis_title(picture.x.column))
    figure.update_yaxes(title_text=axis_title(picture.y.column))
    figure.add_traces(_dominated_region(picture))
    for on_front in (False, True):
        figure.add_trace(_marks([p for p in picture.points if p.on_front is on_front], on_front))
    figure.add_trace(_baselines(picture.baselines))
    if picture.unchanged is not None:
        _draw_unchanged(figure, picture.unchanged)
    return figure


def _dominated_region(picture: FrontPicture) -> list[go.Scatter]:
    """The stairs with what lies under them, and the reference point they are counted from."""
    x, y = picture.x, picture.y
    cross = {"symbol": "cross-thin", "size": 12, "line": {"width": 2, "color": GREY}}
    reference = go.Scatter(
        x=[x.reference], y=[y.reference], mode="markers", marker=cross, name="reference point",
        hovertemplate=f"Reference point<br>{axis_title(y.column)}: {y.reference:g}<br>"
        f"{axis_title(x.column)}: {x.reference:g}<extra></extra>",
    )  # fmt: skip
    if not picture.stairs:
        return [reference]
    outline = [*picture.stairs, (x.reference, y.reference)]
    region = go.Scatter(
        x=[corner[0] for corner in outline], y=[corner[1] for corner in outline],
        mode="none", fill="toself", fillcolor=BLUE_TINT, hoverinfo="skip",
    )  # fmt: skip
    line = go.Scatter(
        x=[corner[0] for corner in picture.stairs], y=[corner[1] for corner in picture.stairs],
        mode="lines", line={"color": BLUE, "width": 1.5}, hoverinfo="skip",
    )  # fmt: skip
    return [region, line, reference]


def _marks(points: Sequence[FrontPoint], on_front: bool) -> go.Scatter:
    color = BLUE if on_front else GREY
    labelled = on_front and len(points) <= _LABELS
    right = max((point.x.value for point in points), default=None)
    return go.Scatter(
        x=[point.x.value for point in points],
        y=[point.y.value for point in points],
        error_x=bars([point.x for point in points], color),
        error_y=bars([point.y for point in points], color),
        mode="markers+text" if labelled else "markers",
        text=[escape(point.trial) for point in points],
        textposition=["top left" if p.x.value == right else "top right" for p in points],
        customdata=[_hover(point.trial, point.story) for point in points],
        hovertemplate="%{customdata}<extra></extra>",
        name="on the front" if on_front else "dominated",
        marker={
            "color": color,
            "size": 11 if on_front else 8,
            "symbol": ["circle" if point.amplified else "circle-open" for point in points],
            "line": {"width": 2, "color": color},
        },
    )


def _baselines(points: Sequence[BaselinePoint]) -> go.Scatter:
    return go.Scatter(
        x=[point.x.value for point in points],
        y=[point.y.value for point in points],
        error_y=bars([point.y for point in points], GREEN),
        mode="markers+text",
        text=[escape(point.name) for point in points],
        textposition="top right",
        customdata=[_hover(point.name, point.story) for point in points],
        hovertemplate="%{customdata}<extra></extra>",
        name="baseline",
        marker={"color": GREEN, "size": 11, "symbol": "diamond"},
    )


def _hover(name: str, story: Sequence[str]) -> str:
    return "<br>".join([f"<b>{escape(name)}</b>", *map(escape, story)])


def _draw_unchanged(figure: go.Figure, unchanged: float) -> None:
    figure.add_hline(
        unchanged,
        line={"color": VERMILLION, "width": 1.5, "dash": "dash"},
        annotation={"text": f"unchanged photo {unchanged:.2f} dB", "xshift": 6},
        annotation_position="top left",
    )


def front_key(picture: FrontPicture) -> list[Component]:
    """What the marks of the figure stand for."""
    key = [mark("dot", BLUE, "on the front"), mark("dot", GREY, "dominated")]
    if not all(point.amplified for point in picture.points):
        key.append(mark("ring", GREY, "no amplified images"))
    if picture.baselines:
        key.append(mark("diamond", GREEN, "baseline"))
    key.append(mark("cross", GREY, "reference point"))
    if picture.unchanged is not None:
        key.append(mark("dashes", VERMILLION, "unchanged photo"))
    return key
