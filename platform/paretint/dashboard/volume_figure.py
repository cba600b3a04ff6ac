"""The figure of a search's progress, drawn from its plain data."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from paretint.dashboard.theme import BLUE, BLUE_TINT, layout
from paretint.dashboard.volume_steps import VolumePicture, VolumeStep

_TRIALS = "finished trials"
_TIME = "minutes since the first trial began"
_WORK = "minutes of work, over all workers"


def draw_volume_picture(picture: VolumePicture) -> go.Figure:
    """``picture`` as a Plotly figure: one panel over trials, one over time, one over work."""
    panels: dict[str, Callable[[VolumeStep], float | None]] = {_TRIALS: lambda step: step.trials}
    if picture.timed:
        panels[_TIME] = lambda step: None if step.elapsed_s is None else step.elapsed_s / 60
    panels[_WORK] = lambda step: step.work_s / 60
    figure = make_subplots(rows=len(panels), cols=1, vertical_spacing=0.32 / len(panels))
    style = layout()
    figure.update_xaxes(style.pop("xaxis"))
    figure.update_yaxes(style.pop("yaxis") | {"rangemode": "tozero"})
    figure.update_layout(style, hovermode="closest")
    for row, (title, place) in enumerate(panels.items(), 1):
        figure.add_trace(_stairs(picture, place), row, 1)
        figure.update_xaxes(title_text=title, rangemode="tozero", row=row)
    figure.update_yaxes(title_text="hypervolume", row=1)
    return figure


def _stairs(picture: VolumePicture, place: Callable[[VolumeStep], float | None]) -> go.Scatter:
    steps = [step for step in picture.steps if place(step) is not None]
    return go.Scatter(
        x=[place(step) for step in steps],
        y=[step.volume for step in steps],
        mode="lines+markers" if len(steps) <= 60 else "lines",
        line={"shape": "hv", "color": BLUE, "width": 2},
        marker={"size": 7, "color": BLUE},
        fill="tozeroy",
        fillcolor=BLUE_TINT,
        customdata=[_told(step) for step in steps],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _told(step: VolumeStep) -> str:
    elapsed = "" if step.elapsed_s is None else f", {step.elapsed_s / 60:,.1f} min"
    return (
        f"<b>{escape(step.trial)}</b><br>hypervolume {step.volume:,.6g}"
        f"<br>after {step.trials:,} trials{elapsed}, {step.work_s / 60:,.1f} min of work"
    )
