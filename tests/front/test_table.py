from __future__ import annotations

import io
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from paretint.config import Objective
from paretint.front import Estimate, draw_effect_table, draw_front_table, effect, front_table


def text_of(drawn: object) -> str:
    console = Console(width=120, file=io.StringIO())
    with console.capture() as capture:
        console.print(drawn)
    return capture.get()


def test_table_holds_the_front_with_recipes_and_scores(
    rows: list[dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    trials = pl.DataFrame([row | {"param.blocks": 4} for row in rows])
    table = front_table(trials, objectives)
    assert table.columns == (
        "trial", "param.pairs", "param.amplified", "param.width", "quality.psnr", "speed.fps",
        "on_front", "size.params", "size.onnx_bytes",
    )  # fmt: skip
    assert table.rows[1] == (
        "t0007", 5, 1000, 16, Estimate(36.9, 36.4, 37.4), 407.0, 1.0, 36608, 153600,
    )  # fmt: skip
    assert table.constants == {"param.blocks": 4}
    assert table.speeds == {"measured:ort-cpu": 12}
    assert (table.complete, table.trials) == (12, 14)
    assert table.hypervolume == pytest.approx(181 * 7.6 + 206 * 6.9 + 477 * 5.6)


def test_drawing_shows_every_row_and_the_hypervolume(
    rows: list[dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    text = text_of(draw_front_table(front_table(pl.DataFrame(rows), objectives)))
    assert "36.90 ±0.50" in text
    assert "3 of 12 complete trials are on the front" in text
    words = " ".join(text.split())
    assert "hypervolume 5,468 over quality.psnr 30, speed.fps 20; speeds measured:ort-cpu" in words


def test_a_small_hypervolume_is_told_from_none(
    rows: list[dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    quality, speed = objectives
    near = [quality.model_copy(update={"reference": 37.5}), speed]
    assert (
        "hypervolume 18.10 over quality.psnr 37.5" in front_table(pl.DataFrame(rows), near).summary
    )
    near[1] = speed.model_copy(update={"reference": 200.0})
    assert "hypervolume 0.1000 over" in front_table(pl.DataFrame(rows), near).summary


def test_a_predicted_speed_is_told_from_a_measured_one(
    rows: list[dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    guess = {"speed.provenance": "predicted:x-from-9", "speed.fps_lo": 300.0, "speed.fps_hi": 600.0}
    trials = pl.DataFrame([row | guess if row["trial"] == "t0007" else row for row in rows])
    table = front_table(trials, objectives)
    assert table.columns[-1] == "speed.provenance"
    assert [row[-1] for row in table.rows] == [
        "measured:ort-cpu", "predicted:x-from-9", "measured:ort-cpu",
    ]  # fmt: skip
    text = text_of(draw_front_table(table))
    assert "407 ±193" in text
    assert "speeds measured:ort-cpu (11), predicted:x-from-9 (1)" in " ".join(text.split())


def test_markup_in_a_name_is_drawn_as_it_is(
    rows: list[dict[str, Any]], objectives: tuple[Objective, ...]
) -> None:
    trials = pl.DataFrame([rows[11] | {"trial": "[red]x[/red]"}])
    assert "[red]x[/red]" in text_of(draw_front_table(front_table(trials, objectives)))


def test_effect_table_says_whether_the_intervals_are_apart(rows: list[dict[str, Any]]) -> None:
    lines = text_of(draw_effect_table(effect(pl.DataFrame(rows)))).splitlines()
    by_hand = next(line for line in lines if line.split()[:2] == ["16", "5"])
    assert by_hand.split() == ["16", "5", "34.90", "±0.50", "36.90", "±0.50", "1,000", "+2.00",
                               "apart"]  # fmt: skip
