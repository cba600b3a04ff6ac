"""What figures have in common: their titles, intervals and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from paretint.config.columns import COREML_QUALITY, device_of
from paretint.dashboard.theme import GREY, layout
from paretint.front import Estimate, measure

_ROW, _LINE, _EDGES = 28, 14, 84
"""Pixels of a figure's row, of each more line in it, and of what is above and below all rows."""


def column_title(name: str) -> str:
    """What a column is called on an axis: with its device, its file's form and its unit."""
    if name.startswith("param."):
        return name.removeprefix("param.").replace("_", " ").capitalize()
    reading, device = measure(name), device_of(name)
    form = "Core ML " if name.startswith(COREML_QUALITY) else ""
    title = f"{form}{reading.title}{f' on {device}' if device else ''}"
    return f"{title}, {reading.unit}" if reading.unit else title


def axis_title(column: str) -> str:
    """A column's title as Plotly takes it."""
    return escape(column_title(column))


def hover(name: str, lines: Iterable[str]) -> str:
    """What a mark tells when it is pointed at: its name, and lines below it."""
    return "<br>".join([f"<b>{escape(name)}</b>", *map(escape, lines)])


def reference_point(x: str, y: str, place: tuple[float, float]) -> go.Scatter:
    """The point that hypervolume is counted from, at a place over the columns ``x`` and ``y``."""
    across, up = place
    told = f"{axis_title(y)}: {up:g}<br>{axis_title(x)}: {across:g}"
    return go.Scatter(
        x=[across],
        y=[up],
        mode="markers",
        marker={"symbol": "cross-thin", "size": 12, "line": {"width": 2, "color": GREY}},
        name="reference point",
        hovertemplate=f"Reference point<br>{told}<extra></extra>",
    )


def bars(estimates: Sequence[Estimate], color: str, thickness: float = 1) -> dict[str, Any]:
    """The 95 % intervals of marks, in Plotly's words."""
    above = np.array([0.0 if e.hi is None else max(e.hi - e.value, 0.0) for e in estimates])
    below = np.array([0.0 if e.lo is None else max(e.value - e.lo, 0.0) for e in estimates])
    if not above.any() and not below.any():
        return {"visible": False}
    return {
        "type": "data", "symmetric": False, "array": above, "arrayminus": below,
        "color": color, "thickness": thickness, "width": 0,
    }  # fmt: skip


def in_rows(names: Sequence[str]) -> go.Figure:
    """A figure with named rows, the first one at its top; a row's y is its place.

    A name is escaped, and a line of it ends at ``<br>``.
    """
    figure = go.Figure(layout=layout())
    figure.update_layout(hovermode="closest")
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=list(names),
        range=[len(names) - 0.5, -0.5],
        automargin=True,
        ticks="outside",
        ticklen=8,
        tickcolor="rgba(0, 0, 0, 0)",
        showgrid=False,
    )
    return figure


def rows_height(names: Sequence[str]) -> int:
    """The height in pixels of a figure of named rows."""
    lines = max((name.count("<br>") for name in names), default=0)
    return _EDGES + (_ROW + _LINE * lines) * len(names)
