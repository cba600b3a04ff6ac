from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint import UserError
from paretint.config.source import dump, dump_line, parse, read

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.from_regex(r"[-+0-9._eExX:]{1,8}|true|no|null|~|1e-4|2026-01-01", fullmatch=True)
)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@given(DATA)
def test_what_is_dumped_is_read_again(data: Any) -> None:
    again = parse(dump(data), "x", Path()).plain()
    assert again == data
    assert repr(again) == repr(data)  # 1, 1.0 and True are equal


@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), DATA))
def test_a_mapping_goes_on_one_line(data: dict[str, Any]) -> None:
    line = dump_line(data)
    assert "\n" not in line
    assert repr(parse(line, "x", Path()).plain()) == repr(data)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-4", 1e-4),
        ("1_000", 1000),
        ("400_000.5", 400000.5),
        ("-.5", -0.5),
        ("off", "off"),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("0x10", "0x10"),
        ("True", True),
        ("~", None),
    ],
)
def test_scalars_of_the_core_schema(text: str, value: object) -> None:
    plain = parse(text, "x", Path()).plain()
    assert (plain, type(plain)) == (value, type(value))


def test_values_know_their_lines() -> None:
    tree = parse("a: 1\nb:\n  - x\n  - c: 2\n", "f.yaml", Path("/somewhere"))
    item = tree.child("b").child(1)  # type: ignore[union-attr]
    assert item is not None
    assert (tree.where, tree.child("b").where) == ("f.yaml:1", "f.yaml:2")  # type: ignore[union-attr]
    assert (item.where, item.folder) == ("f.yaml:4", Path("/somewhere"))
    assert tree.child("z") is None
    assert item.child("c").child("d") is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3: key 'a' was already given on line 1"),
        ("a: [1\nb: 2\n", "f:2: expected ',' or ']', but got ':'"),
        ("a: &x\n  b: *x\n", "f:1: an alias that contains itself"),
        ("? [1, 2]\n: 3\n", "f:1: a key must be a plain word"),
        ("a: !!python/name:os.system ''\n", "f:1: could not determine a constructor"),
        ("a: 1\n--- \nb: 2\n", "f:2: but found another document"),
        ("a: \x00", "f: unacceptable character"),
    ],
)
def test_no_yaml(text: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        parse(text, "f", Path())
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)


def test_an_anchor_may_be_used_twice() -> None:
    assert parse("a: &x {k: 1}\nb: *x\n", "f", Path()).plain() == {"a": {"k": 1}, "b": {"k": 1}}


def test_unreadable_files(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(UserError, match=r"^b: cannot be read: is not UTF-8 text$"):
        read(binary, "b")
    with pytest.raises(UserError, match=r"^d: cannot be read: Is a directory$"):
        read(tmp_path, "d")
