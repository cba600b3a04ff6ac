"""The figure of a search's progress, drawn from its plain data."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from paretint.dashboard.theme import BLUE, BLUE_TINT, layout
from paretint.dashboard.volume_steps import Spent, VolumePicture, VolumeStep

_MARKED = 60
"""Steps beyond which their marks would hide the line."""


def draw_volume_picture(picture: VolumePicture, over: Sequence[Spent]) -> go.Figure:
    """``picture`` as a Plotly figure, with a panel for each of ``over``."""
    figure = make_subplots(rows=len(over), cols=1, vertical_spacing=0.32 / len(over))
    style = layout()
    figure.update_xaxes(style.pop("xaxis") | {"rangemode": "tozero"})
    figure.update_yaxes(style.pop("yaxis") | {"rangemode": "tozero"})
    figure.update_layout(style, hovermode="closest")
    for row, spent in enumerate(over, 1):
        title, scale = _axis(picture, spent)
        figure.add_trace(_stairs(picture, spent, scale), row, 1)
        figure.update_xaxes(title_text=title, row=row)
        figure.update_yaxes(title_text="hypervolume", row=row)
    return figure


def _axis(picture: VolumePicture, spent: Spent) -> tuple[str, float]:
    """What a panel's axis is called, and how much of ``spent`` is one of its unit."""
    if spent == "trials":
        return "finished trials", 1.0
    unit, seconds = time_unit(max(step.spent(spent) or 0.0 for step in picture.steps))
    told = "since the first trial began" if spent == "time" else "of work, over all workers"
    return f"{unit} {told}", seconds


def time_unit(seconds: float) -> tuple[str, float]:
    """The unit in which an axis tells so many seconds, and how long it is."""
    return ("minutes", 60.0) if seconds < 5 * 3600 else ("hours", 3600.0)


def _stairs(picture: VolumePicture, spent: Spent, scale: float) -> go.Scatter:
    steps = [step for step in picture.steps if step.spent(spent) is not None]
    return go.Scatter(
        x=[(step.spent(spent) or 0.0) / scale for step in steps],
        y=[step.volume for step in steps],
        mode="lines+markers" if len(steps) <= _MARKED else "lines",
        line={"shape": "hv", "color": BLUE, "width": 2},
        marker={"size": 7, "color": BLUE},
        fill="tozeroy",
        fillcolor=BLUE_TINT,
        cliponaxis=False,
        customdata=[_told(step) for step in steps],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _told(step: VolumeStep) -> str:
    elapsed = "" if step.elapsed_s is None else f", {step.elapsed_s / 60:,.1f} min"
    return (
        f"<b>{escape(step.trial)}</b><br>hypervolume {step.volume:,.6g}"
        f"<br>after {step.trials:,} trials{elapsed}, {step.work_s / 60:,.1f} min of work"
    )
