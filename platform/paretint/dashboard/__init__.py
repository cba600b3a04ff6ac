"""The dashboard: pages that follow a run in the browser, and the same pages as one file."""

from __future__ import annotations

from paretint.dashboard.blocks import failure, graph, mark, notice, shaded, table, tiles
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
    "VolumePicture",
    "VolumeStep",
    "asking",
    "burst_key",
    "controls",
    "create_app",
    "devices",
    "draw_burst_picture",
    "draw_front_picture",
    "draw_front_timings",
    "draw_histogram_picture",
    "draw_number_origins",
    "draw_pace_picture",
    "draw_placement_table",
    "draw_rank_picture",
    "draw_rank_table",
    "draw_speed_origins",
    "draw_timeline_picture",
    "draw_timing_picture",
    "draw_volume_picture",
    "ends",
    "failure",
    "front_axes",
    "front_key",
    "front_picture",
    "front_timings",
    "graph",
    "has_timeline",
    "listen",
    "load_page",
    "load_pages",
    "mark",
    "notice",
    "number_origins",
    "picked",
    "placement_table",
    "rank_key",
    "rank_picture",
    "read_view",
    "report",
    "report_html",
    "sample_picture",
    "sampled",
    "serve",
    "server_for",
    "shaded",
    "speed_origins",
    "table",
    "tiles",
    "timeline_height",
    "timeline_key",
    "timeline_picture",
    "timing_key",
    "timing_picture",
    "to_html",
    "volume_picture",
]
