"""Drawing the page at an address, and again whenever the address or its run's ledger changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import plotly.graph_objects as go
from dash import (
    ALL,
    ClientsideFunction,
    Dash,
    Input,
    Output,
    Patch,
    State,
    dcc,
    html,
    no_update,
    set_props,
)
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from plotly.io.json import to_json_plotly

from paretint.dashboard.blocks import failure
from paretint.dashboard.controls import setting_text, settings
from paretint.dashboard.frame import address, masthead, navigation
from paretint.dashboard.pages import Page
from paretint.dashboard.state import with_settings
from paretint.dashboard.view import LiveRun
from paretint.errors import UserError
from paretint.store import digest

_LOOK_EVERY_MS = 1000


def follow(app: Dash, runs: Mapping[str, LiveRun], pages: Sequence[Page]) -> None:
    """Give ``app`` its layout and the callback that keeps the shown page as its run stands.

    What is drawn is remembered by the browser, so the server may be started anew at any time.
    """
    app.layout = html.Div(
        [
            dcc.Location(id="place", refresh=False),
            dcc.Interval(id="tick", interval=_LOOK_EVERY_MS),
            dcc.Store(id="drawn"),
            html.Div(id="masthead"),
            html.Main(id="page"),
        ]
    )

    @app.callback(
        Output("masthead", "children"),
        Output("page", "children"),
        Output("drawn", "data"),
        Input("tick", "n_intervals"),
        Input("place", "pathname"),
        Input("place", "search"),
        State("drawn", "data"),
        # Dash drops an answer that a later tick overtakes: no tick comes while a page is drawn.
        running=[(Output("tick", "disabled"), True, False)],
    )
    def draw(
        _: int | None, place: str | None, query: str | None, drawn: dict[str, Any] | None
    ) -> Any:
        found = find_page(place or "/", list(runs), pages)
        if found is None:
            return None, _lost(next(iter(runs)), pages[0]), None
        name, page = found
        others = [run for other, run in runs.items() if page.of_runs and other != name]
        revision = " ".join(run.revision() for run in (runs[name], *others))
        shown: dict[str, Any] = {
            "at": [name, page.name], "query": query or "", "revision": revision,
        }  # fmt: skip
        if drawn and shown.items() <= drawn.items():
            raise PreventUpdate
        try:
            view, *rest = (run.view() for run in (runs[name], *others))
        except UserError as error:
            return None, failure(str(error)), None
        blocks = page.blocks(view, shown["query"], rest)
        shown["shape"] = _shape(blocks)
        shown["set"] = {_prop(c, "id")["control"]: _prop(c, "value") for c in settings(blocks)}
        shown["kept"] = [_kept(block) for block in blocks]
        head = masthead(name, view.experiment, navigation(list(runs), pages, name, page))
        shown["head"] = _kept(head)
        if drawn and all(shown[key] == drawn[key] for key in ("at", "shape")):
            _redraw(blocks, [a == b for a, b in zip(shown["kept"], drawn["kept"], strict=True)])
            return no_update if shown["head"] == drawn["head"] else head, no_update, shown
        return head, _placed(blocks), shown

    @app.callback(
        Output("place", "search"),
        Input({"control": ALL, "default": ALL}, "value"),
        State({"control": ALL, "default": ALL}, "id"),
        State("place", "search"),
        State("drawn", "data"),
        prevent_initial_call=True,
    )
    def write_address(
        values: list[str | float],
        ids: list[dict[str, str]],
        query: str | None,
        drawn: dict[str, Any] | None,
    ) -> Any:
        written = _set(query or "", ids, values, (drawn or {}).get("set", {}))
        return no_update if written == query else written

    @app.callback(
        Output("place", "search", allow_duplicate=True),
        Output({"graph": ALL, "sets": ALL}, "clickData"),
        Input({"graph": ALL, "sets": ALL}, "clickData"),
        State({"graph": ALL, "sets": ALL}, "id"),
        State("place", "search"),
        prevent_initial_call=True,
    )
    def choose(
        clicks: list[dict[str, Any] | None], ids: list[dict[str, str]], query: str | None
    ) -> Any:
        return _chosen(query or "", ids, clicks) or no_update, [None] * len(clicks)

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("figures", "peek"),
        Input({"graph": ALL, "sets": ALL}, "hoverData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("figures", "reach"), Input("drawn", "data"), prevent_initial_call=True
    )


def _chosen(
    query: str, ids: Sequence[Mapping[str, str]], clicks: Sequence[Mapping[str, Any] | None]
) -> str | None:
    """``query`` after a click on a point that stands for a value; None where there was none."""
    for key, click in zip(ids, clicks, strict=True):
        told: list[Any] = click["points"][0].get("customdata") or [] if click else []
        if len(told) > 1:
            return with_settings(query, {key["sets"]: str(told[1])})
    return None


def _set(
    query: str,
    ids: Sequence[Mapping[str, str]],
    values: Sequence[str | float],
    shown: Mapping[str, str | float],
) -> str:
    """``query`` after the reader set controls that had the values ``shown``.

    What was only drawn says nothing, and a default need not be said.
    """
    changes: dict[str, str | None] = {
        key["control"]: None if setting_text(value) == key["default"] else setting_text(value)
        for key, value in zip(ids, values, strict=True)
        if value is not None and value != shown.get(key["control"], value)
    }
    return with_settings(query, changes) if changes else query


def find_page(place: str, runs: Sequence[str], pages: Sequence[Page]) -> tuple[str, Page] | None:
    """The run and the page at the path ``place``; the first ones where it names none."""
    parts = [unquote(part) for part in place.strip("/").split("/") if part]
    if len(parts) > 2:
        return None
    name = parts[0] if parts else runs[0]
    page = parts[1] if len(parts) > 1 else pages[0].name
    return next(((name, p) for p in pages if p.name == page and name in runs), None)


def _lost(run: str, page: Page) -> Component:
    way = dcc.Link(f"{page.title} of {run}", href=address(run, page.name))
    return html.P(["There is no page at this address. Go to ", way, "."], className="notice")


def _shape(blocks: Sequence[Component]) -> list[str]:
    """The kinds of ``blocks``: a page is redrawn in place as long as these stay the same."""
    return [
        f"{_place(i, block)} {[_prop(c, 'id')['control'] for c in settings(block)]}"
        for i, block in enumerate(blocks)
    ]


def _kept(block: Component) -> Any:
    """What must be as it was for ``block`` to stay, with what the reader did to it.

    The columns on a figure's axes; what controls say when nothing is set; all of another block.
    """
    if isinstance(block, dcc.Graph):
        return _axes(block)
    if held := [*settings(block)]:
        return [_prop(control, "id") for control in held]
    return digest(to_json_plotly(block).encode())


def _placed(blocks: Sequence[Component]) -> list[Component]:
    """``blocks`` in places that `_redraw` can reach."""
    return [
        block if isinstance(block, dcc.Graph) else html.Div(block, id=_place(i, block))
        for i, block in enumerate(blocks)
    ]


def _redraw(blocks: Sequence[Component], kept: Sequence[bool]) -> None:
    """Put ``blocks`` in the places of the old ones.

    One that is ``kept`` stays: a figure with its zoom, all else with the focus of the keyboard.
    """
    for i, block in enumerate(blocks):
        if isinstance(block, dcc.Graph):
            figure = _prop(block, "figure")
            drawn = _patch(figure) if kept[i] else figure
            set_props(_place(i, block), {"figure": drawn, "style": _prop(block, "style")})
        elif not kept[i]:
            set_props(_place(i, block), {"children": block})
        else:
            for control in settings(block):
                set_props(_prop(control, "id"), _settable(control))


def _settable(control: Component) -> dict[str, Any]:
    """What may change of a control as its ledger or its address does."""
    names = ("value", "options", "min", "max", "step")
    return {name: _prop(control, name) for name in names if hasattr(control, name)}


def _axes(block: dcc.Graph) -> str:
    """What a figure's axes stand for: where that changes, so does what the reader zoomed to."""
    layout = _prop(block, "figure").to_plotly_json()["layout"]
    told = {
        name: [axis.get("title"), axis.get("ticktext")]
        for name, axis in layout.items()
        if name.startswith(("xaxis", "yaxis"))
    }
    return json.dumps(told)


def _patch(figure: go.Figure) -> Patch:
    """All of ``figure`` but the ends of its axes and how dragging works: the reader's by now.

    Plotly's `uirevision` would do this, were it not that Dash writes the reader's zoom into the
    figure, where Plotly takes it for the server's.
    """
    patch = Patch()
    plain = figure.to_plotly_json()
    patch["data"] = plain["data"]
    for name, value in plain["layout"].items():
        if name.startswith(("xaxis", "yaxis")):
            for part in value.keys() - {"range", "autorange"}:
                patch["layout"][name][part] = value[part]
        elif name != "dragmode":
            patch["layout"][name] = value
    return patch


def _place(i: int, block: Component) -> Any:
    """The id of the place of block ``i``: a figure's own, so that its place is itself."""
    return _prop(block, "id") if isinstance(block, dcc.Graph) else f"block-{i}"


def _prop(block: Component, name: str) -> Any:
    """A component's property; Dash sets these where no type checker sees them."""
    return getattr(block, name)
