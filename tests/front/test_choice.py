from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from paretint.config import Objective, parse_rule
from paretint.errors import UserError
from paretint.front import parse_within, pick


@pytest.mark.parametrize(
    ("rules", "best", "winner"),
    [
        ([], "quality.psnr", "t0011"),
        (["speed.fps >= 400"], "quality.psnr", "t0007"),
        (["speed.fps >= 400", "param.pairs <= 2"], "quality.psnr", "t0004"),
        (["quality.psnr >= 35"], "speed.fps", "t0003"),
        (["quality.psnr > 36"], "size.onnx_bytes", "t0007"),
    ],
)
def test_picks_the_best_of_those_that_meet_the_rules(
    rows: list[dict[str, Any]], rules: list[str], best: str, winner: str
) -> None:
    choice = pick(pl.DataFrame(rows), [parse_rule(rule) for rule in rules], best)
    assert choice.trial == winner
    assert all(rule.holds(choice.row) for rule in choice.where)


def test_choice_names_those_it_beat_and_why(rows: list[dict[str, Any]]) -> None:
    choice = pick(pl.DataFrame(rows), [parse_rule("speed.fps >= 400")], "quality.psnr")
    beaten = [row["trial"] for row in choice.beaten]
    assert beaten[:3] == ["t0008", "t0003", "t0002"]
    assert "t0011" not in beaten
    assert choice.reason == (
        "t0007 has the highest quality.psnr (36.90 ±0.50 dB) of the 8 of 12 complete trials"
        " that meet speed.fps >= 400"
    )


def test_of_equals_the_smaller_then_the_faster_then_the_first_name_wins(
    row: Callable[..., dict[str, Any]],
) -> None:
    equal = [
        row("t0003", 5, 0, 16, 36.0, 400.0),
        row("t0002", 5, 0, 8, 36.0, 700.0),
        row("t0001", 5, 0, 8, 36.0, 800.0),
        row("t0000", 5, 0, 8, 36.0, 800.0),
    ]
    choice = pick(pl.DataFrame(equal), [], "quality.psnr")
    assert [choice.trial, *(r["trial"] for r in choice.beaten)] == [
        "t0000", "t0001", "t0002", "t0003",
    ]  # fmt: skip


def test_a_trial_that_is_not_complete_is_never_picked(row: Callable[..., dict[str, Any]]) -> None:
    trials = pl.DataFrame(
        [row("t0000", 5, 0, 8, 35.0, 100.0), row("t0001", 5, 0, 8, 39.0, 900.0, state="stopped")]
    )
    assert pick(trials, [], "quality.psnr").trial == "t0000"


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (["speed.fps >= 900"],
         r"no trial meets speed\.fps >= 900; nearest is t0003 with speed\.fps 884:"
         r" relax to speed\.fps >= 884$"),
        (["quality.psnr >= 37", "speed.fps > 206.5"],
         r"nearest is t0007 with quality\.psnr 36\.90: relax to quality\.psnr >= 36\.9$"),
        (["size.onnx_bytes < 38400"], r"relax to size\.onnx_bytes <= 38400$"),
        (["param.width == 20"], r"nearest is t0004 with .*: relax to param\.width == 16$"),
        (["quality.lpips <= 0.1"], r"with quality\.lpips –: leave out quality\.lpips <= 0\.1$"),
    ],
)  # fmt: skip
def test_a_rule_that_nothing_meets_names_the_nearest_miss(
    rows: list[dict[str, Any]], rules: list[str], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        pick(pl.DataFrame(rows), [parse_rule(rule) for rule in rules], "quality.psnr")


@pytest.mark.parametrize("fps", [53.98765, 0.000123456, 123456.7])
def test_the_relaxed_rule_lets_the_nearest_miss_in(
    row: Callable[..., dict[str, Any]], fps: float
) -> None:
    trials = pl.DataFrame([row("t0000", 5, 0, 8, 35.0, fps)])
    with pytest.raises(UserError) as caught:
        pick(trials, [parse_rule("speed.fps >= 1e9")], "quality.psnr")
    relaxed = str(caught.value).split("relax to ")[1]
    assert pick(trials, [parse_rule(relaxed)], "quality.psnr").trial == "t0000"


def test_a_score_that_is_not_a_number_neither_wins_nor_is_the_nearest_miss(
    row: Callable[..., dict[str, Any]],
) -> None:
    nan = float("nan")
    trials = pl.DataFrame([row("t0000", 5, 0, 8, nan, 900.0), row("t0001", 5, 0, 8, 33.0, 80.0)])
    assert pick(trials, [], "quality.psnr").trial == "t0001"
    with pytest.raises(UserError, match="nearest is t0001"):
        pick(trials, [parse_rule("quality.psnr >= 40")], "quality.psnr")


def test_no_complete_trial_is_said(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError, match="no trial is complete yet, of 1 in the ledger"):
        pick(pl.DataFrame(rows[12:13]), [], "quality.psnr")


def test_no_value_in_the_deciding_column_is_said(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError, match=r"no complete trial has a value in quality\.lpips"):
        pick(pl.DataFrame(rows), [], "quality.lpips")
    with pytest.raises(UserError, match=r"meet the rules, but none of them has .*quality\.lpips"):
        pick(pl.DataFrame(rows), [parse_rule("speed.fps > 1")], "quality.lpips")


def test_unlike_provenances_are_said(row: Callable[..., dict[str, Any]]) -> None:
    guessed = {"speed.provenance": "predicted:table"}
    trials = pl.DataFrame(
        [row("t0000", 5, 0, 8, 35.0, 100.0), row("t0001", 5, 0, 8, 36.0, 90.0, **guessed)]
    )
    choice = pick(trials, [parse_rule("speed.fps >= 60")], "quality.psnr")
    assert choice.notes == (
        "speeds of unlike provenance are compared: measured:ort-cpu (1), predicted:table (1)",
        "speed.fps of t0001 is no measurement: predicted:table",
    )
    assert pick(trials, [parse_rule("param.width >= 8")], "quality.psnr").notes == ()
    assert pick(trials, [parse_rule("speed.ort-cpu.fps >= 60")], "quality.psnr").notes == ()


def test_within_a_standard_error_of_the_best_the_smallest_wins(
    row: Callable[..., dict[str, Any]],
) -> None:
    # Half a dB to each side is a standard error of 0.255 dB.
    trials = pl.DataFrame(
        [
            row("t0000", 5, 0, 24, 36.00, 100.0),
            row("t0001", 5, 0, 16, 35.75, 200.0),
            row("t0002", 5, 0, 8, 35.70, 400.0),
            row("t0003", 5, 0, 16, 35.80, 200.0),
        ]
    )
    assert pick(trials, [], "quality.psnr").trial == "t0000"
    choice = pick(trials, [], "quality.psnr", within=1)
    order = [choice.trial, *(r["trial"] for r in choice.beaten)]
    assert order == ["t0003", "t0001", "t0000", "t0002"]
    assert (choice.near, choice.leader["trial"]) == (3, "t0000")
    assert choice.reason == (
        "t0003 has the lowest size.params (36,608) of 3 within 1 standard error (0.26 dB) of the"
        " highest quality.psnr (36.00 ±0.50 dB, t0000) of the 4 of 4 complete trials with a value"
    )
    assert pick(trials, [], "quality.psnr", within=2).trial == "t0002"
    assert pick(trials, [], "quality.psnr", within=0).trial == "t0000"


def test_then_says_what_decides_among_equals(row: Callable[..., dict[str, Any]]) -> None:
    trials = pl.DataFrame(
        [
            row("t0002", 5, 0, 8, 36.00, 100.0),
            row("t0001", 5, 0, 16, 35.90, 200.0),
            row("t0000", 5, 0, 24, 35.80, 200.0),
            row("t0003", 5, 0, 4, 35.95, None),
        ]
    )
    fastest = pick(trials, [], "quality.psnr", within=1, then=["speed.fps"])
    order = [fastest.trial, *(r["trial"] for r in fastest.beaten)]
    assert order == ["t0001", "t0000", "t0002", "t0003"]
    both = pick(trials, [], "quality.psnr", within=1, then=["speed.fps", "size.params"])
    assert both.trial == "t0001"


def test_an_objective_says_which_way_a_column_is_better(
    row: Callable[..., dict[str, Any]],
) -> None:
    trials = pl.DataFrame([row("t0000", 5, 0, 8, 36.0, 90.0), row("t0001", 5, 0, 8, 35.0, 100.0)])
    worst = Objective(column="quality.psnr", goal="minimize", reference=40.0)
    assert pick(trials, [], "quality.psnr", objectives=[worst]).trial == "t0001"


def test_options_pick_it_again(row: Callable[..., dict[str, Any]]) -> None:
    trials = pl.DataFrame([row("t0000", 5, 0, 8, 36.0, 90.0, **{"size.macs": 7})])
    choice = pick(trials, [parse_rule("speed.fps >= 60")], "quality.psnr", 0.5, ["size.macs"])
    assert choice.options == [
        "--where", "speed.fps >= 60", "--best", "quality.psnr", "--within", "0.5se",
        "--then", "size.macs",
    ]  # fmt: skip
    assert pick(trials, [], "quality.psnr").options == ["--best", "quality.psnr"]


@pytest.mark.parametrize(("text", "errors"), [("1se", 1.0), (" 0.5 se", 0.5), ("2se", 2.0)])
def test_within_is_read(text: str, errors: float) -> None:
    assert parse_within(text) == errors


@pytest.mark.parametrize("text", ["1", "se", "-1se", "1sd", "1se2", ""])
def test_another_within_is_a_mistake(text: str) -> None:
    with pytest.raises(UserError, match="give a number of standard errors, such as 1se"):
        parse_within(text)


def test_a_score_without_an_interval_has_no_standard_error(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError, match=r"speed\.fps of t0003 has no interval.*leave out --within"):
        pick(pl.DataFrame(rows), [], "speed.fps", within=1)


def test_a_speed_is_as_sure_as_its_ratio_to_the_control_model(
    row: Callable[..., dict[str, Any]],
) -> None:
    ratio = {"speed.relative": 2.0, "speed.relative_lo": 1.9, "speed.relative_hi": 2.1}
    trials = pl.DataFrame(
        [row(f"t{n:04}", 5, 0, 8 - n, 36.0, fps) | ratio for n, fps in enumerate((100.0, 98, 97))]
    )
    # Five to each side of a hundred are a standard error of 2.55 fps.
    choice = pick(trials, [], "speed.fps", within=1)
    assert (choice.trial, choice.near) == ("t0001", 2)
    assert "within 1 standard error (3 fps) of the highest speed.fps (100 fps, t0000)" in (
        choice.reason
    )


def test_what_decides_among_equals_must_have_a_value_in_one(rows: list[dict[str, Any]]) -> None:
    told = (
        r"^size\.coreml_bytes: no trial that it is to decide among has a value; name another with"
    )
    with pytest.raises(UserError, match=told):
        pick(pl.DataFrame(rows), [], "quality.psnr", within=1, then=["size.coreml_bytes"])
    rows[11] |= {"size.coreml_bytes": 7}
    trials = pl.DataFrame(rows, infer_schema_length=None)
    choice = pick(trials, [], "quality.psnr", within=1, then=["size.coreml_bytes"])
    assert choice.trial == "t0011"


def test_unknown_columns_are_named_with_the_nearest(rows: list[dict[str, Any]]) -> None:
    trials = pl.DataFrame(rows)
    with pytest.raises(UserError, match=r"did you mean 'size\.params'"):
        pick(trials, [], "quality.psnr", then=["size.parms"])
    with pytest.raises(UserError, match=r"no trial has this column; .*'speed\.ort-cpu\.fps'"):
        pick(trials, [parse_rule("speed.ort-gpu.fps >= 1")], "quality.psnr")
