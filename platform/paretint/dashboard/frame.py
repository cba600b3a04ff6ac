"""What stands above every page: whose run this is, and the way to the others."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from paretint.config import Experiment
from paretint.dashboard.pages import Page


def masthead(name: str, experiment: Experiment, nav: Sequence[Component] = ()) -> Component:
    """The run's name, what it was asked to do in one line, and links to other pages."""
    faces, devices = experiment.faces, ", ".join(experiment.devices)
    asked = (
        f"{faces.source} faces, {faces.size}×{faces.size} · {devices} · "
        f"{experiment.trials} trials · seed {experiment.seed}"
    )
    title = html.Div([html.P("Paretint", className="brand"), html.H1(name), html.P(asked)])
    return html.Header([title, *nav], className="masthead")


def navigation(runs: Sequence[str], pages: Sequence[Page], run: str, page: Page) -> list[Component]:
    """Links to the other pages of ``run``, and to the other runs; none where there is no other."""
    to_pages = [_link(run, p.name, p.title, p == page) for p in pages]
    to_runs = [_link(other, page.name, other, other == run) for other in runs]
    return [html.Nav(links) for links in (to_pages, to_runs) if len(links) > 1]


def address(run: str, page: str) -> str:
    """The path of a page of a run."""
    return f"/{quote(run, safe='')}/{quote(page, safe='')}"


def _link(run: str, page: str, text: str, here: bool) -> Component:
    return dcc.Link(text, href=address(run, page), className="here" if here else "")
