from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from paretint.dashboard import draw_front_picture, front_key, front_picture, read_view, to_html
from paretint.store import Ledger, Run


def test_every_point_is_drawn_and_hollow_without_amplified_images(run: Run) -> None:
    picture = front_picture(read_view(run))
    drawn = json.loads(draw_front_picture(picture).to_json())
    marks = {trace["name"]: trace for trace in drawn["data"] if "name" in trace}
    assert len(marks["on the front"]["customdata"]) == 3
    assert set(marks["on the front"]["marker"]["symbol"]) == {"circle"}
    assert marks["dominated"]["marker"]["symbol"].count("circle-open") == 6
    assert "dominated" in to_html(front_key(picture))
    assert "no amplified images" in to_html(front_key(picture))


def test_markup_in_names_reaches_the_figure_escaped(
    run: Run, row: Callable[..., dict[str, Any]]
) -> None:
    hostile = row("<b onclick=x>t</b>", 10, 1000, 48, 39.0, 999.0)
    Ledger(run).write_trial(hostile | {"param.note": "<script>x()</script>"})
    drawn = draw_front_picture(front_picture(read_view(run))).to_json()
    plain = json.dumps(json.loads(drawn))
    assert "<script" not in plain
    assert "<b onclick" not in plain
    assert "&lt;b onclick=x&gt;t" in plain
