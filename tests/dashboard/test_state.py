from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.dashboard import Select, Slider, State
from paretint.dashboard.state import parse_query, with_settings

SHADE = Select("shade", "Shade", {"rose": "Rose", "plum": "Plum"}, "rose")
SPEED = Slider("speed.fps", "Speed", 0, 100, 1, 20)


def test_an_address_sets_controls() -> None:
    state = State("?shade=plum&speed.fps=60.5")
    assert (state.read(SHADE), state.read(SPEED)) == ("plum", 60.5)
    assert state.complaint() is None


def test_what_an_address_leaves_out_is_as_it_is_by_default() -> None:
    state = State("")
    assert (state.read(SHADE), state.read(SPEED)) == ("rose", 20)
    assert state.complaint() is None


@pytest.mark.parametrize("text", ["fast", "nan", "inf", "1e999", "--1"])
def test_no_number_is_told_once_and_the_default_stands(text: str) -> None:
    state = State(f"?speed.fps={text}")
    assert [state.read(SPEED), state.read(SPEED)] == [20, 20]
    assert state.complaint() == f"Left out of this address: speed.fps={text} (no number)."


def test_a_number_beyond_the_ends_counts_and_is_shown_at_the_end() -> None:
    assert State("?speed.fps=400").read(SPEED) == 400
    assert SPEED.draw(400).value == 100


@given(st.text())
def test_any_query_is_read(query: str) -> None:
    state = State(query)
    state.read(SHADE)
    state.read(SPEED)
    state.complaint()


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1), max_size=5))
def test_settings_come_back_as_they_were_written(settings: dict[str, str]) -> None:
    written = with_settings("", dict(settings))
    assert parse_query(written) == settings
    assert with_settings(written, dict.fromkeys(settings)) == ""


def test_a_query_of_too_many_parts_is_none_of_ours() -> None:
    assert parse_query("?" + "&".join(f"a{n}=1" for n in range(51))) == {}


def test_an_address_may_be_changed_and_taken_apart() -> None:
    state = State("?shade=plum&trial=t1&x=<b>")
    assert state.query(trial="t2") == "?shade=plum&trial=t2&x=%3Cb%3E"
    assert state.query(trial=None) == "?shade=plum&x=%3Cb%3E"
    assert state.part(["shade", "width"]) == "?shade=plum"
    assert State().part(["shade"]) == ""
