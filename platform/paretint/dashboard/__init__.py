"""The dashboard: pages that follow a run in the browser, and the same pages as one file."""

from __future__ import annotations

from paretint.dashboard.blocks import failure, graph, live, mark, notice, shaded, table, tiles
from paretint.dashboard.controls import Select, Slider, controls
from paretint.dashboard.frame import address
from paretint.dashboard.front_figure import draw_front_picture, front_key
from paretint.dashboard.front_panel import TrialPanel, draw_trial_panel, trial_panel
from paretint.dashboard.front_points import FrontPicture, FrontPoint, front_picture
from paretint.dashboard.front_view import (
    FrontControls,
    FrontView,
    front_axes,
    front_controls,
    front_view,
)
from paretint.dashboard.pages import Page, load_page, load_pages
from paretint.dashboard.picking import Asking, Bound, Picked, asking, picked
from paretint.dashboard.report import report, report_html
from paretint.dashboard.server import create_app, listen, serve, server_for
from paretint.dashboard.state import State
from paretint.dashboard.static import to_html
from paretint.dashboard.view import LiveRun, RunView, read_view

__all__ = [
    "Asking",
    "Bound",
    "FrontControls",
    "FrontPicture",
    "FrontPoint",
    "FrontView",
    "LiveRun",
    "Page",
    "Picked",
    "RunView",
    "Select",
    "Slider",
    "State",
    "TrialPanel",
    "address",
    "asking",
    "controls",
    "create_app",
    "draw_front_picture",
    "draw_trial_panel",
    "failure",
    "front_axes",
    "front_controls",
    "front_key",
    "front_picture",
    "front_view",
    "graph",
    "listen",
    "live",
    "load_page",
    "load_pages",
    "mark",
    "notice",
    "picked",
    "read_view",
    "report",
    "report_html",
    "serve",
    "server_for",
    "shaded",
    "table",
    "tiles",
    "to_html",
    "trial_panel",
]
