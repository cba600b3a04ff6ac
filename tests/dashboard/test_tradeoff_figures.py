from __future__ import annotations

import pytest

from paretint.dashboard import (
    draw_importances,
    draw_slices,
    draw_steps,
    rows_height,
    slices_key,
    step_names,
    to_html,
)
from paretint.dashboard.tradeoff_figures import BETTER, EITHER, WORSE, step_verdict
from paretint.dashboard.tradeoffs import SliceLine, Slices
from paretint.front import Estimate, Importance, Step

SLICES = Slices(
    score="quality.psnr",
    goal="maximize",
    across="param.amplified",
    ticks=("0", "1,000"),
    where="<width> 8",
    lines=(
        SliceLine("pairs 2", ((0, Estimate(33.0, 32.5, 33.6)), (1, Estimate(34.0)))),
        SliceLine("pairs 5", ((1, Estimate(35.0, 34.5, 35.5)),)),
    ),
)


def step(value: float, low: float | None, high: float | None, stop: str = "250") -> Step:
    return Step("param.amplified", "0", stop, Estimate(value, low, high), 3, {})


def test_each_value_down_is_a_line_beside_the_others() -> None:
    first, second = draw_slices(SLICES).data
    assert first.x == pytest.approx((-0.04, 0.96))
    assert second.x == pytest.approx((1.04,))
    assert first.y == (33.0, 34.0)
    assert first.error_y.array == pytest.approx((0.6, 0.0))
    assert first.error_y.arrayminus == pytest.approx((0.5, 0.0))
    assert first.customdata[0] == (
        "<b>pairs 2 · amplified 0 · &lt;width&gt; 8</b><br>PSNR 33.00 ±0.60 dB"
    )


def test_lines_are_told_apart_by_colour_and_then_by_dashes() -> None:
    many = tuple(SliceLine(f"pairs {n}", ((0, Estimate(1.0)),)) for n in range(6))
    told = Slices("quality.psnr", "maximize", "param.amplified", ("0",), "", many)
    lines = [(trace.line.color, trace.line.dash) for trace in draw_slices(told).data]
    assert len(set(lines)) == 6
    assert [dash for _, dash in lines] == ["solid"] * 4 + ["dash"] * 2
    assert "pairs 5" in to_html(slices_key(told))
    assert slices_key(Slices(**{**told.__dict__, "lines": many[:1]})) == []


@pytest.mark.parametrize(
    ("low", "high", "goal", "verdict"),
    [
        (0.1, 0.5, "maximize", BETTER),
        (0.1, 0.5, "minimize", WORSE),
        (-0.1, 0.7, "maximize", EITHER),
        (None, None, "maximize", EITHER),
    ],
)
def test_a_step_is_better_only_beyond_doubt(
    low: float | None, high: float | None, goal: str, verdict: str
) -> None:
    assert step_verdict(step(0.3, low, high), goal) == verdict  # type: ignore[arg-type]


def test_steps_stand_in_rows_under_their_verdicts() -> None:
    found = [step(0.3, 0.1, 0.5), step(-0.2, -0.3, -0.1), step(0.0, -0.1, 0.1)]
    better, worse, either = draw_steps(found, "quality.psnr", "maximize").data
    assert [(t.x, t.y) for t in (better, worse, either)] == [
        ((0.3,), (0,)),
        ((-0.2,), (1,)),
        ((0.0,), (2,)),
    ]
    assert better.customdata[0] == ("<b>amplified 0 → 250</b><br>+0.30 ±0.20 dB<br>3 comparisons")


def test_a_long_name_takes_two_lines_and_more_room() -> None:
    short, long = [step(0.3, 0.1, 0.5)], [step(0.3, 0.1, 0.5, "0.00123 to 0.00456")]
    assert step_names(short) == ["amplified 0 → 250"]
    assert step_names(long) == ["amplified<br>0 → 0.00123 to 0.00456"]
    assert rows_height(step_names(long)) > rows_height(step_names(short))


def test_importances_are_shares_with_intervals() -> None:
    found = [
        Importance("param.width", Estimate(0.75, 0.5, 0.8)),
        Importance("param.<b>", Estimate(0.25, 0.2, 0.5)),
    ]
    (trace,) = draw_importances(found).data
    assert trace.x == (0.75, 0.25)
    assert trace.error_x.array == pytest.approx((0.05, 0.25))
    assert list(trace.customdata) == [
        "<b>width</b><br>75% (50% to 80%)", "<b>&lt;b&gt;</b><br>25% (20% to 50%)",
    ]  # fmt: skip
