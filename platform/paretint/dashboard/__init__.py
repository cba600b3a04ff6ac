"""The dashboard: pages that follow a run in the browser, and the same pages as one file."""

from __future__ import annotations

from paretint.dashboard.actors import Actor
from paretint.dashboard.amounts import duration, more, signed
from paretint.dashboard.amplification import Amplification, AmplifiedSet, amplification
from paretint.dashboard.amplification_figures import (
    MOST_ROWS,
    actor_names,
    actors_key,
    draw_actors,
    draw_rejections,
    set_names,
    share_text,
)
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
from paretint.dashboard.drawing import rows_height
from paretint.dashboard.front_figure import draw_front_picture, front_key
from paretint.dashboard.front_points import FrontPicture, FrontPoint, front_axes, front_picture
from paretint.dashboard.pages import Page, load_page, load_pages
from paretint.dashboard.picking import Asking, Bound, Picked, asking, picked
from paretint.dashboard.pictures import pictures
from paretint.dashboard.report import report, report_html
from paretint.dashboard.server import create_app, listen, serve, server_for
from paretint.dashboard.sheets import contact_sheet
from paretint.dashboard.state import State
from paretint.dashboard.static import to_html
from paretint.dashboard.tradeoff_figures import (
    draw_importances,
    draw_slices,
    draw_steps,
    importance_names,
    slices_key,
    step_gain,
    step_names,
    step_values,
    steps_key,
)
from paretint.dashboard.tradeoffs import (
    TradeAsking,
    TradeOffs,
    param_title,
    trade_asking,
    trade_offs,
)
from paretint.dashboard.view import LiveRun, RunView, read_view

__all__ = [
    "MOST_ROWS",
    "Actor",
    "Amplification",
    "AmplifiedSet",
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
    "TradeAsking",
    "TradeOffs",
    "actor_names",
    "actors_key",
    "amplification",
    "asking",
    "comparison",
    "contact_sheet",
    "controls",
    "create_app",
    "difference_height",
    "differences",
    "draw_actors",
    "draw_differences",
    "draw_front_lines",
    "draw_front_picture",
    "draw_importances",
    "draw_rejections",
    "draw_slices",
    "draw_steps",
    "duration",
    "failure",
    "front_axes",
    "front_key",
    "front_lines",
    "front_picture",
    "graph",
    "importance_names",
    "listen",
    "load_page",
    "load_pages",
    "mark",
    "more",
    "notice",
    "param_title",
    "picked",
    "pictures",
    "read_view",
    "report",
    "report_html",
    "rows_height",
    "run_key",
    "run_mark",
    "serve",
    "server_for",
    "set_names",
    "shaded",
    "share_text",
    "signed",
    "slices_key",
    "step_gain",
    "step_names",
    "step_values",
    "steps_key",
    "table",
    "tiles",
    "to_html",
    "trade_asking",
    "trade_offs",
]
