"""The figures of amplification, drawn from their plain data."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
from dash.development.base_component import Component

from paretint.dashboard.actors import Actor
from paretint.dashboard.amplification import AmplifiedSet
from paretint.dashboard.blocks import mark
from paretint.dashboard.drawing import bars, in_rows
from paretint.dashboard.theme import BLUE, GREY, VERMILLION

MOST_ROWS = 24
"""Actors and sets beyond which a figure leaves some out."""
_PARTS = 50
"""Of each actor so many parts are drawn, the latest ones."""


def draw_actors(found: Sequence[Actor]) -> go.Figure:
    """``found`` as a Plotly figure: a row for each actor, its parts and their mean."""
    shown = found[:MOST_ROWS]
    figure = in_rows(actor_names(found))
    figure.update_xaxes(title_text="images a second", rangemode="tozero")
    parts = [(rate, row) for row, actor in enumerate(shown) for rate in actor.rates[-_PARTS:]]
    figure.add_trace(
        go.Scatter(
            x=[rate for rate, _ in parts],
            y=[row for _, row in parts],
            mode="markers",
            hoverinfo="skip",
            marker={"color": GREY, "size": 6, "opacity": 0.5},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[actor.rate.value for actor in shown],
            y=list(range(len(shown))),
            error_x=bars([actor.rate for actor in shown], BLUE),
            mode="markers",
            marker={"color": BLUE, "size": 11, "symbol": "diamond"},
            customdata=[_actor_told(actor) for actor in shown],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    return figure


def actor_names(found: Sequence[Actor]) -> list[str]:
    """What the rows of the figure are called."""
    return [escape(actor.worker) for actor in found[:MOST_ROWS]]


def actors_key() -> list[Component]:
    """What the marks of the figure of actors stand for."""
    return [mark("diamond", BLUE, "mean"), mark("dot", GREY, "a part")]


def _actor_told(actor: Actor) -> str:
    rate = f"{actor.rate.value:.2f} images/s"
    if actor.rate.lo is not None:
        rate += f" ({actor.rate.lo:.2f} to {actor.rate.hi:.2f})"
    parts = f"{actor.images:,} images in {len(actor.rates):,} parts"
    return f"<b>{escape(actor.worker)}</b><br>{rate}<br>{parts}"


def draw_rejections(found: Sequence[AmplifiedSet]) -> go.Figure:
    """``found`` as a Plotly figure: a row for each set, with the share of draws rejected."""
    shown = found[:MOST_ROWS]
    figure = in_rows(set_names(found))
    figure.update_xaxes(title_text="draws rejected", tickformat=".1~%", rangemode="tozero")
    figure.add_trace(
        go.Scatter(
            x=[each.rejected.value for each in shown],
            y=list(range(len(shown))),
            error_x=bars([each.rejected for each in shown], VERMILLION),
            mode="markers",
            marker={"color": VERMILLION, "size": 10},
            cliponaxis=False,
            customdata=[_set_told(each) for each in shown],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    return figure


def set_names(found: Sequence[AmplifiedSet]) -> list[str]:
    """What the rows of the figure are called."""
    return [escape(each.story).replace(" · ", "<br>") for each in found[:MOST_ROWS]]


def share_text(share: float) -> str:
    """A share in percent, with more digits where it is small."""
    return f"{share:.0%}" if share >= 0.1 or share < 0.0005 else f"{share:.1%}"


def _set_told(each: AmplifiedSet) -> str:
    share, low, high = each.rejected
    told = f"{share_text(share)} of {each.draws:,} draws"
    if low is not None and high is not None:
        told += f" ({share_text(low)} to {share_text(high)})"
    return f"<b>{escape(each.story)}</b><br>{told}"
