"""What figures have in common: their titles, intervals and rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from paretint.dashboard.theme import layout
from paretint.front import Estimate, measure

_ROW, _LINE, _EDGES = 28, 14, 84
"""Pixels of a figure's row, of each more line in it, and of what is above and below all rows."""


def axis_title(column: str) -> str:
    """What a column's axis is called, with its unit."""
    reading = measure(column)
    return escape(f"{reading.title}, {reading.unit}" if reading.unit else reading.title)


def bars(estimates: Sequence[Estimate], color: str) -> dict[str, Any]:
    """The 95 % intervals of marks, in Plotly's words."""
    above = [0.0 if e.hi is None else max(e.hi - e.value, 0.0) for e in estimates]
    below = [0.0 if e.lo is None else max(e.value - e.lo, 0.0) for e in estimates]
    return {
        "type": "data", "symmetric": False, "array": above, "arrayminus": below,
        "visible": any(above) or any(below), "color": color, "thickness": 1, "width": 0,
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
