"""The parts that pages are put together from, as Dash components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from paretint.dashboard.theme import CONFIG

LIVE = "live"
"""The class of a block that only a server can answer; other files leave it out."""

_HEIGHT = 480
"""Of a figure, in pixels, unless it says more."""


def graph(
    name: str,
    figure: go.Figure,
    caption: str,
    key: Iterable[Component] = (),
    height: int = _HEIGHT,
    sets: str | None = None,
) -> list[Component]:
    """A figure, ``height`` pixels high, under its key and over a caption that says what it shows.

    ``name`` is its own on the page; ``sets`` a setting of the page, to which a click on a point
    gives the second value of the point's `customdata`. The parts stand among a page's, not inside
    one of them, so that an update changes the figure and keeps where the reader has zoomed to.
    """
    return [
        html.Ul([*key], className="keys"),
        dcc.Graph(
            id={"graph": name, "sets": sets} if sets else name,
            figure=figure,
            config=CONFIG,
            clear_on_unhover=True,
            className="plot",
            responsive=True,
            style={"height": f"{height}px"},
        ),
        html.P(caption, className="caption"),
    ]


def complete_graph(made: dcc.Graph, name: str) -> None:
    """Give a figure that a page made without `graph` what it lacks to be drawn and redrawn.

    Raises:
        ValueError: what it holds is no figure.
    """
    held = getattr(made, "figure", None)
    figure = held if isinstance(held, go.Figure) else go.Figure(held)
    style = {"height": f"{figure.layout.height or _HEIGHT}px"}
    parts = {"id": name, "config": CONFIG, "className": "plot", "style": style}
    lacking = {key: part for key, part in parts.items() if getattr(made, key, None) is None}
    for key, part in {"figure": figure, **lacking}.items():
        setattr(made, key, part)


def components(node: Any) -> Iterator[Component]:
    """Every component in ``node``, itself among them, in their order."""
    if isinstance(node, Component):
        yield node
        yield from components(getattr(node, "children", None))
    elif isinstance(node, list | tuple):
        for child in node:
            yield from components(child)


def live(*parts: Component | str) -> Component:
    """A block for pages with a server alone."""
    return html.Div([*parts], className=LIVE)


def mark(shape: str, color: str, text: str) -> Component:
    """An entry of a figure's key: ``shape`` is a class of look.css, such as `dot` or `dashes`."""
    return html.Li([html.Span(className=f"mark {shape}", style={"color": color}), text])


def tiles(facts: Iterable[tuple[str, str, str]]) -> Component:
    """Numbers to see first: for each a name, the number, and what it means."""
    return html.Dl(
        [
            html.Div([html.Dt(name), html.Dd(number, className="number"), html.Dd(note)])
            for name, number, note in facts
        ],
        className="tiles",
    )


def table(head: Sequence[Component | str], rows: Iterable[Sequence[Component | str]]) -> Component:
    """A table whose first column names the row; it scrolls sideways where it does not fit."""
    top = html.Tr([_head(cell) for cell in head])
    body = [
        html.Tr([html.Th(row[0], scope="row"), *(_cell(cell) for cell in row[1:])]) for row in rows
    ]
    drawn = html.Table([html.Thead(top), html.Tbody(body)])
    return html.Div(drawn, className="scroll", tabIndex="0")


def _head(cell: Component | str) -> Component:
    return cell if isinstance(cell, html.Th) else html.Th(cell, scope="col")


def _cell(cell: Component | str) -> Component:
    return cell if isinstance(cell, html.Td) else html.Td(cell)


def shaded(number: str, margin: str, depth: float) -> Component:
    """A cell with a number over its margin, whose background says how high it is, 0 to 1."""
    return html.Td(
        [number, html.Small(margin)], className="shaded", style={"--depth": f"{depth:.3f}"}
    )


def notice(text: str) -> Component:
    """What a reader must not miss: that there is nothing yet, or what to mind."""
    return html.P(text, className="notice")


def failure(text: str) -> Component:
    """What stands in place of what could not be drawn."""
    return html.P(text, className="failure")
