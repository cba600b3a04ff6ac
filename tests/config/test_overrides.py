from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint import UserError
from paretint.config.overrides import override
from paretint.config.source import dump, parse

KEYS = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
TREES = st.dictionaries(
    KEYS, st.dictionaries(KEYS, st.integers() | st.lists(st.integers(), max_size=3), max_size=3)
)


def overridden(data: Any, text: str) -> Any:
    return override(parse(dump(data), "f", Path()), text).plain()


@given(TREES, KEYS, KEYS, st.integers() | st.text())
def test_one_value_is_replaced_and_the_rest_kept(
    data: dict[str, Any], outer: str, inner: str, value: int | str
) -> None:
    expected = deepcopy(data)
    expected.setdefault(outer, {})[inner] = value
    assert overridden(data, f"{outer}.{inner}={dump(value)}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.0=7", {"a": [7, 2], "b": {"c": 3}, "d": None}),
        ("a=[]", {"a": [], "b": {"c": 3}, "d": None}),
        ("b.c={x: 1e-3}", {"a": [1, 2], "b": {"c": {"x": 1e-3}}, "d": None}),
        ("b.c=x=y", {"a": [1, 2], "b": {"c": "x=y"}, "d": None}),
        (" b.c =5", {"a": [1, 2], "b": {"c": 5}, "d": None}),
        ("b.c=", {"a": [1, 2], "b": {"c": None}, "d": None}),
        ("d.e=1", {"a": [1, 2], "b": {"c": 3}, "d": {"e": 1}}),
    ],
)
def test_paths_and_values(text: str, expected: dict[str, Any]) -> None:
    assert overridden({"a": [1, 2], "b": {"c": 3}, "d": None}, text) == expected


def test_an_amplifiers_setting_that_varies_is_one_key() -> None:
    tree: dict[str, Any] = {"search_space": {"parameters": {}}}
    for text in (
        "search_space.parameters.amplifier.steps={int: [1, 4]}",
        "search_space.parameters.amplifier.steps.when.network=compact",
        "search_space.parameters.amplifier.adapter.rank=8",
    ):
        tree = overridden(tree, text)
    assert tree["search_space"]["parameters"] == {
        "amplifier.steps": {"int": [1, 4], "when": {"network": "compact"}},
        "amplifier.adapter.rank": 8,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("b.c", "--set b.c: write it as key=value, for example budget.trials=4"),
        ("=3", "--set =3: write it as key=value, for example budget.trials=4"),
        ("b..c=3", "--set b..c=3: write it as key=value, for example budget.trials=4"),
        ("a.2=3", "--set a.2=3: there is no item '2' in a list of 2"),
        ("a.-1=3", "--set a.-1=3: there is no item '-1' in a list of 2"),
        ("b.c.d=3", "--set b.c.d=3: there is no key 'd' in the value 3"),
        ("b.c={", "--set b.c={: expected the node content, but found '<stream end>'"),
    ],
)
def test_what_is_no_override(text: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        overridden({"a": [1, 2], "b": {"c": 3}}, text)
    assert str(raised.value) == said


def test_the_tree_given_is_left_alone() -> None:
    tree = parse("a: {b: 1}", "f", Path())
    override(tree, "a.b=2")
    assert tree.plain() == {"a": {"b": 1}}
