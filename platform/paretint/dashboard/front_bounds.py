"""The reader's bounds on the figure of a front: lines that may be dragged."""

from __future__ import annotations

from html import escape
from typing import Any

from paretint.dashboard.controls import setting_id
from paretint.dashboard.front_levels import Axis
from paretint.dashboard.front_points import FrontPicture
from paretint.dashboard.front_view import Drawn
from paretint.dashboard.theme import GREY
from paretint.front import measure, with_unit

_GRIP, _KNOB = 14, 7
"""How wide a line is to the pointer, and the radius of the knob at its end, in pixels."""


def bound_shapes(picture: FrontPicture) -> list[dict[str, Any]]:
    """Plotly's shapes of the bounds on the axes.

    A bound that holds nothing back lies at the edge of the figure. Grips and knobs are above
    all else, where look.css hides them in a file that no server stands behind.
    """
    return [shape for axis, drawn in picture.lines for shape in _shapes(axis, drawn)]


def draggable(picture: FrontPicture) -> dict[str, dict[str, Any]]:
    """For each bound's column what a page's script needs to drag it: its slider and its axis."""
    return {
        drawn.bound.column: {
            "axis": axis,
            "control": setting_id(drawn.bound.slider),
            "low": drawn.bound.slider.low,
            "high": drawn.bound.slider.high,
            "step": drawn.bound.slider.step,
            "label": f"{measure(drawn.bound.column).title} {_sign(drawn)}",
        }
        for axis, drawn in picture.lines
    }


def _shapes(axis: Axis, drawn: Drawn) -> list[dict[str, Any]]:
    across = "y" if axis == "x" else "x"
    name, rule = drawn.bound.column, drawn.rule
    if rule is None:
        place = {f"{axis}ref": "paper"}
        value: Any = 0 if drawn.bound.op == ">=" else 1
    else:
        place, value = {}, rule.value
    line = {
        "name": name, "type": "line", **place, f"{axis}0": value, f"{axis}1": value,
        f"{across}ref": "paper", f"{across}0": 0, f"{across}1": 1,
    }  # fmt: skip
    grip = line | {"layer": "above", "opacity": 0, "line": {"width": _GRIP, "color": GREY}}
    knob = {
        "name": name, "type": "circle", "layer": "above", "fillcolor": GREY, "line": {"width": 0},
        **place, f"{axis}sizemode": "pixel", f"{axis}anchor": value,
        f"{axis}0": -_KNOB, f"{axis}1": _KNOB, f"{across}ref": "paper",
        f"{across}sizemode": "pixel", f"{across}anchor": 1, f"{across}0": -_KNOB,
        f"{across}1": _KNOB,
    }  # fmt: skip
    if rule is None:
        return [grip, knob]
    told = f"{measure(name).title} {_sign(drawn)} {with_unit(name, value)}"
    label = {
        "text": escape(told), "textposition": "end", "xanchor": "right", "yanchor": "top",
        "padding": _KNOB + 4,
    }  # fmt: skip
    seen = line | {"layer": "below", "line": {"width": 1.5, "color": GREY}, "label": label}
    return [seen, grip, knob]


def _sign(drawn: Drawn) -> str:
    return "≥" if drawn.bound.op == ">=" else "≤"
