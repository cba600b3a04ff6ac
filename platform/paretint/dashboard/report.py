"""A run's pages as one HTML file that needs neither a server nor a network."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from html import escape
from pathlib import Path

from dash import html
from plotly.offline import get_plotlyjs

from paretint.dashboard.blocks import failure
from paretint.dashboard.frame import masthead
from paretint.dashboard.pages import Page, load_pages, one_line
from paretint.dashboard.policy import content_policy
from paretint.dashboard.static import to_html
from paretint.dashboard.view import RunView, read_view
from paretint.errors import UserError
from paretint.store import Run
from paretint.store.files import replace

_LOOK = Path(__file__).parent / "assets" / "look.css"
_DRAW = """
for (const data of document.querySelectorAll('script[type="application/json"]')) {
  const figure = JSON.parse(data.textContent);
  Plotly.newPlot(data.previousElementSibling, figure.data, figure.layout, figure.config);
}
"""

logger = logging.getLogger(__name__)


def report(run: Run, dashboards: Path | None = None) -> Path:
    """Write every page of ``run`` as it stands to `report.html` in its folder.

    The file holds Plotly's script and all data; nothing in it can load from anywhere else, and
    no script but its own runs. The same ledger gives the same bytes. ``dashboards`` is a folder
    of more pages (see `load_pages`).

    Raises:
        UserError: a page file cannot be loaded, the ledger cannot be read, or the file cannot be
            written.
    """
    text = report_html(read_view(run), load_pages(dashboards))
    path = run.folder / "report.html"
    try:
        replace(path, lambda partial: partial.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None
    return path


def report_html(view: RunView, pages: Sequence[Page]) -> str:
    """``pages`` of a run as the text of one HTML file.

    In place of a page that needs a server stands a line that says so.
    """
    scripts = (get_plotlyjs(), _DRAW)
    content = to_html(masthead(view.name, view.experiment))
    for page in pages:
        content += to_html(html.H2(page.title)) if len(pages) > 1 else ""
        content += _written(page, view)
    policy = content_policy(scripts, "'none'")
    head = (
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(view.name)} · Paretint</title>"
        f"<style>{_LOOK.read_text(encoding='utf-8')}</style>"
    )
    run = "".join(f"<script>{script}</script>" for script in scripts)
    body = f"<body>{content}{run}</body>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>{body}</html>\n'


def _written(page: Page, view: RunView) -> str:
    """A page's parts as HTML; where these cannot be written, a line that says so."""
    try:
        return to_html(page.blocks(view))
    except Exception as error:
        told = f"{page.name}.py could not be written: {one_line(error)}"
        logger.warning(told)
        return to_html(failure(told))
