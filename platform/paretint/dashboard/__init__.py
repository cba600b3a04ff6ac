"""The dashboard: pages that follow a run in the browser, and the same pages as one file."""

from __future__ import annotations

from paretint.dashboard.blocks import failure, graph, mark, notice, shaded, table, tiles
from paretint.dashboard.comparison import Comparison, comparison
from paretint.dashboard.comparison_figure import (
    difference_height,
    draw_differences,
    draw_front_lines,
    run_key,
    run_mark,
)
from paretint.dashboard.comparison_points import differences, front_lines
from paretint.dashboard.controls import Select, Slider, controls
from paretint.dashboard.front_figure import draw_front_picture, front_key
from paretint.dashboard.front_points import FrontPicture, FrontPoint, front_axes, front_picture
from paretint.dashboard.pages import Page, load_page, load_pages
from paretint.dashboard.picking import Asking, Bound, Picked, asking, picked
from paretint.dashboard.pictures import pictures
from paretint.dashboard.report import report, report_html
from paretint.dashboard.server import create_app, listen, serve, server_for
from paretint.dashboard.state import State
from paretint.dashboard.static import to_html
from paretint.dashboard.view import LiveRun, RunView, read_view

__all__ = [
    "Asking",
    "Bound",
    "Comparison",
    "FrontPicture",
    "FrontPoint",
    "LiveRun",
    "Page",
    "Picked",
    "RunView",
    "Select",
    "Slider",
    "State",
    "asking",
    "comparison",
    "controls",
    "create_app",
    "difference_height",
    "differences",
    "draw_differences",
    "draw_front_lines",
    "draw_front_picture",
    "failure",
    "front_axes",
    "front_key",
    "front_lines",
    "front_picture",
    "graph",
    "listen",
    "load_page",
    "load_pages",
    "mark",
    "notice",
    "picked",
    "pictures",
    "read_view",
    "report",
    "report_html",
    "run_key",
    "run_mark",
    "serve",
    "server_for",
    "shaded",
    "table",
    "tiles",
    "to_html",
]
