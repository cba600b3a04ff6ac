"""The figures of trade-offs, drawn from their plain data."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
from dash.development.base_component import Component

from paretint.config import Goal
from paretint.dashboard.amounts import signed
from paretint.dashboard.blocks import mark
from paretint.dashboard.drawing import axis_title, bars, in_rows
from paretint.dashboard.theme import BLUE, GREEN, GREY, VERMILLION, layout
from paretint.dashboard.tradeoff_asking import param_title
from paretint.dashboard.tradeoffs import SliceLine, Slices
from paretint.front import Estimate, Importance, Step, measure, with_unit

_COLORS = (BLUE, VERMILLION, GREEN, GREY)
_LONG = 24
"""Letters beyond which a step's name takes two lines."""


def draw_slices(slices: Slices) -> go.Figure:
    """``slices`` as a Plotly figure: a line for each value of the parameter down."""
    figure = go.Figure(layout=layout())
    figure.update_layout(hovermode="closest")
    places = list(range(len(slices.ticks)))
    figure.update_xaxes(
        title_text=escape(param_title(slices.across)),
        tickvals=places,
        ticktext=[escape(tick) for tick in slices.ticks],
        range=[-0.4, len(places) - 0.6],
    )
    figure.update_yaxes(title_text=axis_title(slices.score))
    figure.add_traces([_line(slices, number) for number in range(len(slices.lines))])
    return figure


def slices_key(slices: Slices) -> list[Component]:
    """Which line is which; nothing where there is one."""
    if len(slices.lines) < 2:
        return []
    return [
        mark("dashes" if _dashed(number) else "line", _color(number), line.name)
        for number, line in enumerate(slices.lines)
    ]


def _line(slices: Slices, number: int) -> go.Scatter:
    line, color = slices.lines[number], _color(number)
    # Side by side, so that intervals do not lie on each other.
    aside = (number - (len(slices.lines) - 1) / 2) * min(0.08, 0.4 / len(slices.lines))
    return go.Scatter(
        x=[place + aside for place, _ in line.points],
        y=[score.value for _, score in line.points],
        error_y=bars([score for _, score in line.points], color),
        mode="lines+markers",
        name=escape(line.name),
        line={"color": color, "width": 2, "dash": "dash" if _dashed(number) else "solid"},
        marker={"color": color, "size": 8},
        customdata=[_told(slices, line, *point) for point in line.points],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _told(slices: Slices, line: SliceLine, place: int, score: Estimate) -> str:
    across = f"{param_title(slices.across)} {slices.ticks[place]}"
    recipe = [part for part in (line.name, across, slices.where) if part]
    told = f"{measure(slices.score).title} {with_unit(slices.score, score)}"
    return f"<b>{escape(' · '.join(recipe))}</b><br>{escape(told)}"


def _color(number: int) -> str:
    return _COLORS[number % len(_COLORS)]


def _dashed(number: int) -> bool:
    return number // len(_COLORS) % 2 == 1


def draw_steps(found: Sequence[Step], score: str, goal: Goal) -> go.Figure:
    """``found`` as a Plotly figure: a row for each step, with its gain and the interval."""
    figure = in_rows(step_names(found))
    figure.update_xaxes(title_text=f"{axis_title(score)}, difference", zeroline=True)
    figure.update_xaxes(zerolinecolor=GREY, zerolinewidth=1)
    for verdict, (color, symbol) in _VERDICTS.items():
        rows = [i for i, step in enumerate(found) if step_verdict(step, goal) == verdict]
        told = [found[i] for i in rows]
        outline = {"width": 2, "color": color}
        figure.add_trace(
            go.Scatter(
                x=[step.gain.value for step in told],
                y=rows,
                error_x=bars([step.gain for step in told], color),
                mode="markers",
                name=verdict,
                marker={"color": color, "size": 10, "symbol": symbol, "line": outline},
                customdata=[_step_told(step, score) for step in told],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    return figure


BETTER, WORSE, EITHER = "better", "worse", "may be either"
_VERDICTS = {
    BETTER: (BLUE, "circle"),
    WORSE: (VERMILLION, "diamond"),
    EITHER: (GREY, "circle-open"),
}


def step_verdict(step: Step, goal: Goal) -> str:
    """Whether a step makes a score better beyond doubt, or worse."""
    if not step.gain.clear_of_zero:
        return EITHER
    return BETTER if (step.gain.value > 0) == (goal == "maximize") else WORSE


def steps_key() -> list[Component]:
    """What the marks of the figure of steps stand for."""
    shapes = {"circle": "dot", "diamond": "diamond", "circle-open": "ring"}
    return [mark(shapes[symbol], color, name) for name, (color, symbol) in _VERDICTS.items()]


def step_names(found: Sequence[Step]) -> list[str]:
    """What the rows of the figure are called."""
    return [_step_name(param_title(step.column), step_values(step)) for step in found]


def step_values(step: Step) -> str:
    """From which value to which a step goes."""
    return f"{step.start} → {step.stop}"


def _step_name(name: str, values: str) -> str:
    between = "<br>" if len(name) + len(values) > _LONG else " "
    return f"{escape(name)}{between}{escape(values)}"


def _step_told(step: Step, score: str) -> str:
    values = f"{param_title(step.column)} {step_values(step)}"
    told = f"{step_gain(step, score)} {measure(score).unit}".rstrip()
    return f"<b>{escape(values)}</b><br>{escape(told)}<br>{compared(step)}"


def step_gain(step: Step, score: str) -> str:
    """What a step adds, with its sign and the arm of its interval."""
    return signed(score, step.gain)


def compared(step: Step) -> str:
    """How many recipes were compared for a step."""
    return f"{step.recipes:,} comparison{'s' * (step.recipes != 1)}"


def draw_importances(found: Sequence[Importance]) -> go.Figure:
    """``found`` as a Plotly figure: a row for each parameter."""
    figure = in_rows(importance_names(found))
    figure.update_xaxes(title_text="share of importance", tickformat=".0%", rangemode="tozero")
    figure.add_trace(
        go.Scatter(
            x=[each.share.value for each in found],
            y=list(range(len(found))),
            error_x=bars([each.share for each in found], BLUE),
            mode="markers",
            marker={"color": BLUE, "size": 10},
            cliponaxis=False,
            customdata=[_importance_told(each) for each in found],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    return figure


def importance_names(found: Sequence[Importance]) -> list[str]:
    """What the rows of the figure are called."""
    return [escape(param_title(each.column)) for each in found]


def _importance_told(each: Importance) -> str:
    value, low, high = each.share
    told = f"{value:.0%}" if low is None else f"{value:.0%} ({low:.0%} to {high:.0%})"
    return f"<b>{escape(param_title(each.column))}</b><br>{told}"
