from __future__ import annotations

import pytest

from paretint.dashboard import (
    MOST_ROWS,
    Actor,
    AmplifiedSet,
    actor_names,
    draw_actors,
    draw_rejections,
    set_names,
    share_text,
)
from paretint.front import Estimate


def actor(worker: str, rate: Estimate, rates: tuple[float, ...]) -> Actor:
    return Actor(worker, 0.0, 50 * len(rates), 10.0, rate, rates)


def test_each_actor_has_a_row_with_its_parts_and_their_mean() -> None:
    found = [
        actor("<b>:1", Estimate(5.0, 4.0, 7.0), (4.0, 6.0)),
        actor("here:2", Estimate(3.0), (3.0,)),
    ]
    parts, means = draw_actors(found).data
    assert (parts.x, parts.y) == ((4.0, 6.0, 3.0), (0, 0, 1))
    assert (means.x, means.y) == ((5.0, 3.0), (0, 1))
    assert list(means.error_x.array) == [2.0, 0.0]
    assert means.customdata[0] == (
        "<b>&lt;b&gt;:1</b><br>5.00 images/s (4.00 to 7.00)<br>100 images in 2 parts"
    )
    assert actor_names(found) == ["&lt;b&gt;:1", "here:2"]


def test_a_figure_leaves_out_the_last_of_very_many() -> None:
    found = [actor(f"here:{n}", Estimate(1.0), (1.0,) * 99) for n in range(MOST_ROWS + 5)]
    parts, means = draw_actors(found).data
    assert len(means.x) == len(actor_names(found)) == MOST_ROWS
    assert len(parts.x) == 50 * MOST_ROWS


def test_each_set_has_a_row_with_the_share_that_was_rejected() -> None:
    share = Estimate(0.01, 0.004, 0.025)
    found = [AmplifiedSet("k", "pairs 5 · steps 2", 400, 0, 404, share, None, None, None)]
    (trace,) = draw_rejections(found).data
    assert (trace.x, trace.y) == ((0.01,), (0,))
    assert trace.error_x.arrayminus == pytest.approx((0.006,))
    assert trace.customdata[0] == ("<b>pairs 5 · steps 2</b><br>1.0% of 404 draws (0.4% to 2.5%)")
    assert set_names(found) == ["pairs 5<br>steps 2"]


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0%"), (1e-9, "0%"), (0.004, "0.4%"), (0.25, "25%"), (1.0, "100%")]
)
def test_shares_are_percent(share: float, text: str) -> None:
    assert share_text(share) == text
