"""The dashboard: pages that follow a run in the browser, and the same pages as one file."""

from __future__ import annotations

from paretint.dashboard.actors import Actor
from paretint.dashboard.amounts import duration, heading, more, references, signed
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
from paretint.dashboard.blocks import failure, graph, live, mark, notice, shaded, table, tiles
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
from paretint.dashboard.device_figures import (
    burst_key,
    draw_burst_picture,
    draw_histogram_picture,
    draw_pace_picture,
    draw_rank_picture,
    draw_timing_picture,
    rank_key,
    timing_key,
)
from paretint.dashboard.device_origins import (
    NumberOrigin,
    Placement,
    PlacementTable,
    SpeedOrigin,
    number_origins,
    placement_table,
    speed_origins,
)
from paretint.dashboard.device_ranks import RankPicture, RankPoint, rank_picture
from paretint.dashboard.device_samples import SamplePicture, sample_picture, sampled
from paretint.dashboard.device_tables import (
    draw_front_timings,
    draw_number_origins,
    draw_placement_table,
    draw_rank_table,
    draw_speed_origins,
)
from paretint.dashboard.device_timings import (
    Timing,
    TimingPicture,
    devices,
    front_timings,
    timing_picture,
)
from paretint.dashboard.drawing import rows_height
from paretint.dashboard.ends import End, ends
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
from paretint.dashboard.pictures import pictures
from paretint.dashboard.report import report, report_html
from paretint.dashboard.server import create_app, listen, serve, server_for
from paretint.dashboard.sheets import contact_sheet
from paretint.dashboard.state import State
from paretint.dashboard.static import to_html
from paretint.dashboard.timeline_bars import (
    TimelineBar,
    TimelinePicture,
    has_timeline,
    timeline_picture,
)
from paretint.dashboard.timeline_figure import draw_timeline_picture, timeline_height, timeline_key
from paretint.dashboard.tradeoff_asking import TradeAsking, param_title, trade_asking
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
from paretint.dashboard.tradeoffs import TradeOffs, trade_offs
from paretint.dashboard.view import LiveRun, RunView, read_view
from paretint.dashboard.volume_figure import draw_volume_picture
from paretint.dashboard.volume_steps import VolumePicture, VolumeStep, volume_picture

__all__ = [
    "MOST_ROWS",
    "Actor",
    "Amplification",
    "AmplifiedSet",
    "Asking",
    "Bound",
    "Comparison",
    "End",
    "FrontControls",
    "FrontPicture",
    "FrontPoint",
    "FrontView",
    "LiveRun",
    "NumberOrigin",
    "Page",
    "Picked",
    "Placement",
    "PlacementTable",
    "RankPicture",
    "RankPoint",
    "RunView",
    "SamplePicture",
    "Select",
    "Slider",
    "SpeedOrigin",
    "State",
    "TimelineBar",
    "TimelinePicture",
    "Timing",
    "TimingPicture",
    "TradeAsking",
    "TradeOffs",
    "TrialPanel",
    "VolumePicture",
    "VolumeStep",
    "actor_names",
    "actors_key",
    "address",
    "amplification",
    "asking",
    "burst_key",
    "comparison",
    "contact_sheet",
    "controls",
    "create_app",
    "devices",
    "difference_height",
    "differences",
    "draw_actors",
    "draw_burst_picture",
    "draw_differences",
    "draw_front_lines",
    "draw_front_picture",
    "draw_front_timings",
    "draw_histogram_picture",
    "draw_importances",
    "draw_number_origins",
    "draw_pace_picture",
    "draw_placement_table",
    "draw_rank_picture",
    "draw_rank_table",
    "draw_rejections",
    "draw_slices",
    "draw_speed_origins",
    "draw_steps",
    "draw_timeline_picture",
    "draw_timing_picture",
    "draw_trial_panel",
    "draw_volume_picture",
    "duration",
    "ends",
    "failure",
    "front_axes",
    "front_controls",
    "front_key",
    "front_lines",
    "front_picture",
    "front_timings",
    "front_view",
    "graph",
    "has_timeline",
    "heading",
    "importance_names",
    "listen",
    "live",
    "load_page",
    "load_pages",
    "mark",
    "more",
    "notice",
    "number_origins",
    "param_title",
    "picked",
    "pictures",
    "placement_table",
    "rank_key",
    "rank_picture",
    "read_view",
    "references",
    "report",
    "report_html",
    "rows_height",
    "run_key",
    "run_mark",
    "sample_picture",
    "sampled",
    "serve",
    "server_for",
    "set_names",
    "shaded",
    "share_text",
    "signed",
    "slices_key",
    "speed_origins",
    "step_gain",
    "step_names",
    "step_values",
    "steps_key",
    "table",
    "tiles",
    "timeline_height",
    "timeline_key",
    "timeline_picture",
    "timing_key",
    "timing_picture",
    "to_html",
    "trade_asking",
    "trade_offs",
    "trial_panel",
    "volume_picture",
]
