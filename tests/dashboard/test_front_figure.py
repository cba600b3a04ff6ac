from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from paretint.dashboard import (
    State,
    draw_front_picture,
    front_controls,
    front_key,
    front_picture,
    front_view,
    read_view,
    to_html,
)
from paretint.dashboard.theme import BLUE
from paretint.store import Ledger, Run


def drawn(run: Run, query: str = "") -> tuple[dict[str, dict[str, Any]], dict[str, Any], str]:
    """The figure's traces by name, its layout, and its key."""
    seen = read_view(run)
    picture = front_picture(seen, front_view(front_controls(seen), State(query)))
    plain = json.loads(draw_front_picture(picture).to_json())
    traces = {trace["name"]: trace for trace in plain["data"] if "name" in trace}
    return traces, plain["layout"], to_html(front_key(picture))


def trials(trace: dict[str, Any]) -> list[str]:
    return [cells[1] for cells in trace.get("customdata", [])]


def test_every_point_is_drawn_and_square_without_amplified_images(run: Run) -> None:
    marks, _, key = drawn(run)
    assert trials(marks["on the front"]) == ["t0003", "t0007", "t0011"]
    assert trials(marks["dominated"]) == ["t0002", "t0006", "t0009"]
    assert len(trials(marks["dominated, no amplified images"])) == 6
    assert marks["dominated"]["marker"]["symbol"] == "circle"
    assert marks["dominated, no amplified images"]["marker"]["symbol"] == "square"
    assert trials(marks["beyond a bound"]) == []
    assert "dominated" in key
    assert "no amplified images" in key
    assert "beyond" not in key


def test_a_mark_is_filled_by_how_likely_its_trial_is_of_the_front(run: Run) -> None:
    marker = drawn(run)[0]["on the front"]["marker"]
    likely = dict(read_view(run).membership.iter_rows())
    filled = np.frombuffer(base64.b64decode(marker["color"]["bdata"]), marker["color"]["dtype"])
    assert [*filled] == [likely[name] for name in ("t0003", "t0007", "t0011")]
    assert (marker["cmin"], marker["cmax"]) == (0, 1)
    assert [color for _, color in marker["colorscale"]] == ["rgba(43, 127, 208, 0.00)", BLUE]


def test_trials_beyond_a_bound_are_greyed_and_the_chosen_one_has_a_ring(run: Run) -> None:
    marks, _, key = drawn(run, "?speed.fps=390&quality.psnr=35.5&trial=t0007")
    assert len(trials(marks["beyond a bound"])) == 8
    assert trials(marks["on the front"]) == ["t0003", "t0007"]
    assert "beyond a bound" in key
    assert marks["looked at"]["x"] == [407.0]


def test_a_bound_is_a_line_that_can_be_dragged(run: Run) -> None:
    layout = drawn(run, "?speed.fps=390")[1]
    shapes = [shape for shape in layout["shapes"] if shape.get("name") == "speed.fps"]
    seen, grip, knob = shapes
    assert (seen["x0"], seen["x1"], seen["yref"], seen["layer"]) == (390, 390, "paper", "below")
    assert seen["label"]["text"] == "Speed ≥ 390 fps"
    assert (grip["layer"], grip["opacity"], knob["xanchor"]) == ("above", 0, 390)
    bound = layout["meta"]["bounds"]["speed.fps"]
    assert bound["control"] == {"control": "speed.fps", "default": "190"}
    assert (bound["axis"], bound["low"], bound["high"], bound["step"]) == ("x", 190, 880, 10)


def test_a_bound_that_holds_nothing_back_lies_at_the_edge(run: Run) -> None:
    shapes = [s for s in drawn(run)[1]["shapes"] if s.get("name") == "quality.psnr"]
    assert [(shape["layer"], shape["yref"]) for shape in shapes] == [("above", "paper")] * 2
    assert shapes[0]["y0"] == 0


def test_markup_in_names_reaches_the_figure_escaped(
    run: Run, row: Callable[..., dict[str, Any]]
) -> None:
    hostile = row("<b onclick=x>t</b>", 10, 1000, 48, 39.0, 999.0)
    Ledger(run).write_trial(hostile | {"param.note": "<script>x()</script>"})
    plain = json.loads(draw_front_picture(front_picture(read_view(run))).to_json())
    for trace in plain["data"]:
        # The second is the name as an address has it, which nothing draws.
        trace["customdata"] = [cells[:1] for cells in trace.get("customdata", [])]
    text = json.dumps(plain)
    assert "<script" not in text
    assert "<b onclick" not in text
    assert "&lt;b onclick=x&gt;t" in text
