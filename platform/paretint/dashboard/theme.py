"""Colours and the look that every figure shares.

The colours of marks are fixed in a figure, so each is one that stands out on white and on
near-black alike (a contrast of 3 or more against both) and that stays apart from the others
for the colour-blind, after Okabe and Ito's set. Text, grid and hover boxes take their colours
from look.css, which follows the reader's light or dark setting.
"""

from __future__ import annotations

from typing import Any

from dash import dcc

BLUE = "#2b7fd0"
VERMILLION = "#d55e00"
GREEN = "#00936b"
PURPLE = "#b3679b"
GOLD = "#a57c00"
GREY = "#858d98"
BLUE_TINT = "rgba(43, 127, 208, 0.10)"

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"

CONFIG: dcc.Graph.Config = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
}
"""How every figure behaves in the page; no button of it talks to a server."""


def faded(color: str, opacity: float) -> str:
    """``color``, such as `#2b7fd0`, at an opacity of 0 to 1."""
    channels = ", ".join(str(int(color[at : at + 2], 16)) for at in (1, 3, 5))
    return f"rgba({channels}, {opacity:.2f})"


def layout() -> dict[str, Any]:
    """The layout a figure starts from; it fills the place that the page gives it.

    Dragging does nothing until a mode is chosen, so that a finger scrolls the page.
    """
    axis = {
        "showline": False,
        "zeroline": False,
        "ticks": "",
        "title_standoff": 8,
        "separatethousands": True,
    }
    return {
        "margin": {"l": 56, "r": 16, "t": 28, "b": 48},
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "font": {"family": FONT, "size": 13, "color": GREY},
        "hoverlabel": {"align": "left", "font": {"family": FONT, "size": 13}},
        "dragmode": False,
        "modebar": {"bgcolor": "rgba(0, 0, 0, 0)", "color": GREY, "activecolor": BLUE},
        "showlegend": False,
        "xaxis": axis,
        "yaxis": axis,
    }
