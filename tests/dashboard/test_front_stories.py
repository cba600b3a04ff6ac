from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from paretint.dashboard.front_stories import differing, stories

MakeRow = Callable[..., dict[str, Any]]


def test_stories_tell_the_parameters_that_differ_four_to_a_line(row: MakeRow) -> None:
    more = {f"param.{name}": 1 for name in ("blocks", "stem", "downscale")}
    table = pl.DataFrame(
        [row("t0000", 2, 0, 8, 33.0, 100.0) | more, row("t0001", 5, 9, 16, 33.0, 100.0) | more]
    )
    assert differing(table) == ["param.pairs", "param.amplified", "param.width"]
    assert differing(table[:1]) == [name for name in table.columns if name.startswith("param.")]
    first = stories(table, differing(table[:1]), "speed.fps", "param.width")[0]
    assert first == (
        "pairs 2 · amplified 0 · width 8 · blocks 1",
        "stem 1 · downscale 1",
        "Speed 100 fps (measured:ort-cpu)",
        "Parameters 9,152",
        "ONNX 38,400 bytes",
    )
