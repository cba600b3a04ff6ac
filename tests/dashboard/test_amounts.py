from __future__ import annotations

import pytest

from paretint.dashboard import duration, more, signed
from paretint.front import Estimate


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0.0, "0 s"), (89.4, "89 s"), (90.0, "1.5 min"), (5400.0, "1.5 h")],
)
def test_seconds_as_people_read_them(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0.4, "0 s"), (-0.4, "0 s"), (12.0, "+12 s"), (-480.0, "-8.0 min")],
)
def test_differences_have_their_sign(seconds: float | None, text: str) -> None:
    assert more(seconds) == text


def test_differences_of_scores_have_their_sign_and_interval() -> None:
    assert signed("quality.psnr", 0.056) == "+0.06"
    assert signed("quality.psnr", Estimate(-0.5, -0.8, -0.2)) == "-0.50 ±0.30"
