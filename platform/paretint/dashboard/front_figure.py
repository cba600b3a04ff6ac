"""The figure of a front, drawn from its plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash.development.base_component import Component

from paretint.dashboard.blocks import mark
from paretint.dashboard.drawing import axis_title, bars, hover, reference_point
from paretint.dashboard.files import models_address
from paretint.dashboard.front_bounds import bound_shapes, draggable
from paretint.dashboard.front_levels import UNCHANGED, Level
from paretint.dashboard.front_points import BaselinePoint, FrontPicture, FrontPoint
from paretint.dashboard.theme import BLUE, BLUE_TINT, GREEN, GREY, VERMILLION, faded, layout

_LABELS = 8


def draw_front_picture(picture: FrontPicture) -> go.Figure:
    """``picture`` as a Plotly figure; a point's recipe shows when it is pointed at.

    For a page with a server, its `meta` tells where faces lie and which lines may be dragged.
    """
    look = layout()
    look |= {
        "hovermode": "closest",
        "shapes": [*map(_level, picture.levels), *bound_shapes(picture)],
        "meta": {"models": models_address(picture.run), "bounds": draggable(picture)},
        "xaxis": look["xaxis"] | {"title_text": axis_title(picture.x)},
        "yaxis": look["yaxis"] | {"title_text": axis_title(picture.y)},
    }
    traces = [
        *_dominated_region(picture),
        _beyond([p for p in picture.points if not p.within]),
        *_within([p for p in picture.points if p.within]),
        _baselines(picture.baselines),
        _chosen([p for p in picture.points if p.trial == picture.trial]),
    ]
    return go.Figure(traces, look)


def _within(points: Sequence[FrontPoint]) -> list[go.Scatter]:
    """Trials within the bounds, those of the front above the others."""
    kinds = [(on_front, amplified) for on_front in (False, True) for amplified in (False, True)]
    return [
        _marks([p for p in points if (p.on_front, p.amplified) == kind], *kind) for kind in kinds
    ]


def _dominated_region(picture: FrontPicture) -> list[go.Scatter]:
    """The stairs with what lies under them, and the reference point they are counted from."""
    if picture.reference is None:
        return []
    reference = reference_point(picture.x, picture.y, picture.reference)
    if not picture.stairs:
        return [reference]
    outline = [*picture.stairs, picture.reference]
    region = go.Scatter(
        x=[corner[0] for corner in outline], y=[corner[1] for corner in outline],
        mode="none", fill="toself", fillcolor=BLUE_TINT, hoverinfo="skip",
    )  # fmt: skip
    line = go.Scatter(
        x=[corner[0] for corner in picture.stairs], y=[corner[1] for corner in picture.stairs],
        mode="lines", line={"color": BLUE, "width": 1.5}, hoverinfo="skip",
    )  # fmt: skip
    return [region, line, reference]


def _marks(points: Sequence[FrontPoint], on_front: bool, amplified: bool) -> go.Scatter:
    """Trials of one kind: the surer that one is of the front, the more is its mark filled."""
    color = BLUE if on_front else GREY
    labelled = on_front and len(points) <= _LABELS
    right = max((point.x.value for point in points), default=None)
    name = "on the front" if on_front else "dominated"
    return go.Scatter(
        **_places(points),
        error_x=bars([point.x for point in points], color),
        error_y=bars([point.y for point in points], color),
        mode="markers+text" if labelled else "markers",
        text=[escape(point.trial) for point in points] if labelled else None,
        textposition=["top left" if p.x.value == right else "top right" for p in points]
        if labelled
        else None,
        name=name if amplified else f"{name}, no amplified images",
        marker={
            "color": np.array([point.likely for point in points]),
            "colorscale": [(0, faded(BLUE, 0)), (1, BLUE)],
            "cmin": 0,
            "cmax": 1,
            "size": 11 if on_front else 8,
            "symbol": "circle" if amplified else "square",
            "line": {"width": 2, "color": color},
            "opacity": 1,
        },
    )


def _beyond(points: Sequence[FrontPoint]) -> go.Scatter:
    """Trials that break a bound."""
    line = {"width": 1.5, "color": GREY}
    return go.Scatter(
        **_places(points),
        mode="markers",
        name="beyond a bound",
        marker={"symbol": "x-thin", "size": 5, "line": line},
    )


def _places(points: Sequence[FrontPoint]) -> dict[str, Any]:
    """Where points lie, what they say when pointed at, and what a click on them chooses."""
    return {
        # Arrays: of lists, Plotly looks at every item, which takes longer than all else.
        "x": np.array([point.x.value for point in points]),
        "y": np.array([point.y.value for point in points]),
        "customdata": np.array(
            [(_hover(p.trial, p.story), p.trial, int(p.faces)) for p in points], dtype=object
        ),
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }


def _chosen(points: Sequence[FrontPoint]) -> go.Scatter:
    """A ring around the trial that is looked at."""
    return go.Scatter(
        x=[point.x.value for point in points],
        y=[point.y.value for point in points],
        mode="markers",
        hoverinfo="skip",
        name="looked at",
        marker={"symbol": "circle-open", "size": 22, "color": VERMILLION, "line": {"width": 2.5}},
    )


def _baselines(points: Sequence[BaselinePoint]) -> go.Scatter:
    return go.Scatter(
        x=[point.x.value for point in points],
        y=[point.y.value for point in points],
        error_y=bars([point.y for point in points], GREEN),
        mode="markers+text",
        text=[escape(point.name) for point in points],
        textposition="top right",
        customdata=[(_hover(point.name, point.story),) for point in points],
        hovertemplate="%{customdata[0]}<extra></extra>",
        name="baseline",
        marker={"color": GREEN, "size": 11, "symbol": "diamond"},
    )


@lru_cache(maxsize=1 << 14)
def _hover(name: str, story: tuple[str, ...]) -> str:
    """As `hover`; remembered, as ledgers grow."""
    return hover(name, story)


def _level(level: Level) -> Mapping[str, Any]:
    """A line across the figure, with what it stands for at its end."""
    color, dash = _level_look(level.kind)
    upright = level.axis == "x"
    along, across = ("x", "y") if upright else ("y", "x")
    return {
        "type": "line", "layer": "below", "line": {"color": color, "width": 1.5, "dash": dash},
        f"{along}0": level.value, f"{along}1": level.value,
        f"{across}ref": "paper", f"{across}0": 0, f"{across}1": 1,
        "label": {
            "text": escape(level.text), "textposition": "start",
            "xanchor": "left", "yanchor": "bottom", "padding": 4,
        },
    }  # fmt: skip


def _level_look(kind: str) -> tuple[str, str]:
    return (VERMILLION, "dash") if kind == UNCHANGED else (GREEN, "dot")


def front_key(picture: FrontPicture) -> list[Component]:
    """What the marks of the figure stand for."""
    key = [mark("dot", BLUE, "on the front"), mark("ring", GREY, "dominated")]
    key.append(mark("fill", BLUE, "the fuller, the likelier of the front"))
    if not all(point.amplified for point in picture.points):
        key.append(mark("frame", GREY, "no amplified images"))
    if picture.beyond:
        key.append(mark("saltire", GREY, "beyond a bound"))
    if picture.baselines:
        key.append(mark("diamond", GREEN, "baseline"))
    if picture.reference is not None:
        key.append(mark("cross", GREY, "reference point"))
    for kind in dict.fromkeys(level.kind for level in picture.levels):
        color, dash = _level_look(kind)
        key.append(mark("dashes" if dash == "dash" else "dots", color, kind))
    return key
