from __future__ import annotations

import pytest

from paretint.dashboard.drawing import axis_title, bars, column_title
from paretint.front import Estimate


def test_titles_tell_columns_apart() -> None:
    assert column_title("param.weight_l1") == "Weight l1"
    assert column_title("speed.agent:iphone13.p90_ms") == "p90 on agent:iphone13, ms"
    assert axis_title("param.<b>") == "&lt;b&gt;"


def test_bars_are_the_arms_of_intervals() -> None:
    drawn = bars([Estimate(3.0, 2.5, 3.25), Estimate(4.0)], "#000")
    assert drawn["array"] == pytest.approx([0.25, 0.0])
    assert drawn["arrayminus"] == pytest.approx([0.5, 0.0])


def test_without_intervals_there_are_no_bars() -> None:
    assert bars([Estimate(4.0)], "#000") == {"visible": False}
