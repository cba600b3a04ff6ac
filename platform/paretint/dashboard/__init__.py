"""The dashboard: pages that follow a run in the browser, and the same pages as one file."""

from __future__ import annotations

from paretint.dashboard.blocks import failure, graph, mark, notice, shaded, table, tiles
from paretint.dashboard.controls import Select, Slider, controls
from paretint.dashboard.ends import End, ends
from paretint.dashboard.front_figure import draw_front_picture, front_key
from paretint.dashboard.front_points import FrontPicture, FrontPoint, front_axes, front_picture
from paretint.dashboard.pages import Page, load_page, load_pages
from paretint.dashboard.picking import Asking, Bound, Picked, asking, picked
from paretint.dashboard.report import report, report_html
from paretint.dashboard.server import create_app, listen, serve, server_for
from paretint.dashboard.state import State
from paretint.dashboard.static import to_html
from paretint.dashboard.timeline_bars import (
    TimelineBar,
    TimelinePicture,
    has_timeline,
    timeline_picture,
)
from paretint.dashboard.timeline_figure import (
    draw_timeline_picture,
    timeline_height,
    timeline_key,
)
from paretint.dashboard.view import LiveRun, RunView, read_view
from paretint.dashboard.volume_figure import draw_volume_picture
from paretint.dashboard.volume_steps import VolumePicture, VolumeStep, volume_picture

__all__ = [
    "Asking",
    "Bound",
    "End",
    "FrontPicture",
    "FrontPoint",
    "LiveRun",
    "Page",
    "Picked",
    "RunView",
    "Select",
    "Slider",
    "State",
    "TimelineBar",
    "TimelinePicture",
    "VolumePicture",
    "VolumeStep",
    "asking",
    "controls",
    "create_app",
    "draw_front_picture",
    "draw_timeline_picture",
    "draw_volume_picture",
    "ends",
    "failure",
    "front_axes",
    "front_key",
    "front_picture",
    "graph",
    "has_timeline",
    "listen",
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
    "timeline_height",
    "timeline_key",
    "timeline_picture",
    "to_html",
    "volume_picture",
]
