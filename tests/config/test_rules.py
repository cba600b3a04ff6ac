from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint import UserError
from paretint.config import Rule, column_names, parse_rule
from paretint.config.columns import column

OPERATORS = (">=", "<=", ">", "<", "==", "!=")
NUMBERS = [name for name in column_names(("ort-cpu",)) if column(name).kind != "text"]
FEW = st.sampled_from([0.0, 1.0, 2.0, 59.9, 60.0, -1.5, math.inf, math.nan]) | st.none()


@given(
    st.sampled_from(NUMBERS),
    st.sampled_from(OPERATORS),
    st.integers() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_a_rule_is_read_as_it_is_written(name: str, op: str, value: float) -> None:
    rule = Rule(name, op, value)
    assert parse_rule(str(rule)) == rule
    assert parse_rule(f"  {name}{op}{value} ") == rule


@given(st.sampled_from(OPERATORS), st.sampled_from([0, 1, 60.0, -1.5]), st.lists(FEW, min_size=1))
def test_frames_and_rows_agree(op: str, value: float, cells: list[float | None]) -> None:
    rule = Rule("speed.fps", op, value)
    frame = pl.DataFrame({"speed.fps": cells}, schema={"speed.fps": pl.Float64})
    met = frame.select(rule.expression()).to_series().to_list()
    assert met == [rule.holds(row) for row in frame.iter_rows(named=True)]


def test_exact_rows() -> None:
    rule = parse_rule("speed.fps >= 60")
    cells: list[float | None] = [59.9, 60.0, None, math.nan, math.inf]
    assert [rule.holds({"speed.fps": cell}) for cell in cells] == [False, True, False, False, True]
    assert not rule.holds({})
    assert not parse_rule("speed.fps != 60").holds({"speed.fps": None})


def test_an_integer_column_and_one_without_values() -> None:
    frame = pl.DataFrame({"size.params": [100, 200], "quality.lpips": [None, None]})
    assert frame.filter(parse_rule("size.params <= 1_50").expression()).height == 1
    assert frame.filter(parse_rule("quality.lpips < 1").expression()).height == 0


@pytest.mark.parametrize("text", ["state == complete", "state=='complete'", 'state != "failed"'])
def test_text(text: str) -> None:
    rule = parse_rule(text)
    frame = pl.DataFrame({"state": ["complete", "failed", None]})
    assert frame.select(rule.expression()).to_series().to_list() == [True, False, False]
    assert [rule.holds(row) for row in frame.iter_rows(named=True)] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "value"),
    [("400_000", 400000), ("1e5", 1e5), ("-2", -2), (".5", 0.5), ("60.", 60.0), ("+3", 3)],
)
def test_numbers(text: str, value: float) -> None:
    read = parse_rule(f"size.params<={text}").value
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("speed.fps", "'speed.fps' is no rule; write it like 'speed.fps >= 60'"),
        ("speed.fps >=", "'speed.fps >=' is no rule; write it like 'speed.fps >= 60'"),
        ("speed.fps = 60", "'speed.fps = 60' is no rule; write it like 'speed.fps >= 60'"),
        ("speed.fp >= 60", "'speed.fp' is no column; did you mean 'speed.fps'"),
        ("speed.fps >= fast", "'speed.fps >= fast': 'fast' is no number"),
        ("speed.fps >= 1__0", "'speed.fps >= 1__0': '1__0' is no number"),
        ("speed.fps >= nan", "'speed.fps >= nan': 'nan' is no number"),
        ("speed.fps >= 1e999", "'speed.fps >= 1e999': '1e999' is no number"),
        ("speed.fps >== 60", "'speed.fps >== 60' is no rule; write it like 'speed.fps >= 60'"),
        ("state >= complete", "'state >= complete': state is text; compare it with == or !="),
        ("state == ''", "\"state == ''\": there is nothing to compare with"),
    ],
)
def test_what_is_no_rule(text: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        parse_rule(text)
    assert str(raised.value).startswith(said)
