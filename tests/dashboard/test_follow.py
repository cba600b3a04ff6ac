from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import pytest
from dash import dcc
from dash.development.base_component import Component

from paretint.dashboard import (
    Page,
    RunView,
    Select,
    State,
    controls,
    create_app,
    graph,
    notice,
)
from paretint.dashboard.follow import _chosen, _kept, _set, find_page
from paretint.dashboard.frame import address
from paretint.store import Ledger, Run


def nothing(_: RunView) -> list[Component]:
    return []


RUNS = ["quickstart", "a/b <x>"]
PAGES = [Page("front", "Front", 10, nothing), Page("search", "Search", 20, nothing)]


@pytest.mark.parametrize(
    ("place", "run", "page"),
    [
        ("/", "quickstart", "front"),
        ("/quickstart", "quickstart", "front"),
        ("/quickstart/search/", "quickstart", "search"),
        (address("a/b <x>", "search"), "a/b <x>", "search"),
    ],
)
def test_an_address_names_run_and_page(place: str, run: str, page: str) -> None:
    found = find_page(place, RUNS, PAGES)
    assert found is not None
    assert (found[0], found[1].name) == (run, page)


@pytest.mark.parametrize(
    "place",
    ["/nowhere", "/quickstart/nowhere", "/quickstart/front/x", "/../../etc/passwd", "/%2e%2e"],
)
def test_other_addresses_name_nothing(place: str) -> None:
    assert find_page(place, RUNS, PAGES) is None


@pytest.mark.parametrize(
    ("query", "value", "shown", "written"),
    [
        ("", "plum", "rose", "?shade=plum"),
        ("?width=8", "plum", "rose", "?width=8&shade=plum"),
        ("?shade=plum", "rose", "plum", ""),
        # What was only drawn says nothing: a misfit stays in the address and in its complaint.
        ("?shade=nonsense", "rose", "rose", "?shade=nonsense"),
        # The way back drew a default before the browser noted it: the address is right already.
        ("", "rose", "plum", ""),
    ],
)
def test_a_control_writes_the_address(query: str, value: str, shown: str, written: str) -> None:
    control = {"control": "shade", "default": "rose"}
    assert _set(query, [control], [value], {"shade": shown}) == written


@pytest.mark.parametrize(
    ("point", "written"),
    [
        ({"customdata": ["told", "t0007", 1]}, "?x=1&trial=t0007"),
        ({"customdata": ["told", "<b>&x=2", 0]}, "?x=1&trial=%3Cb%3E%26x%3D2"),
        ({"customdata": ["a baseline"]}, None),
        ({}, None),
    ],
)
def test_a_click_on_a_point_writes_the_address(
    point: dict[str, object], written: str | None
) -> None:
    ids = [{"graph": "other", "sets": "style"}, {"graph": "front", "sets": "trial"}]
    assert _chosen("?x=1", ids, [None, {"points": [point]}]) == written
    assert _chosen("?x=1", ids, [None, None]) is None


def test_a_figure_stays_as_long_as_its_axes_do() -> None:
    def kept(title: str, value: int) -> object:
        figure = go.Figure(go.Scatter(x=[value], y=[1]), {"xaxis": {"title": {"text": title}}})
        return _kept(graph("mine", figure, "")[1])

    assert kept("Speed", 1) == kept("Speed", 2) != kept("Size", 2)


def test_other_blocks_stay_as_long_as_they_say_the_same() -> None:
    assert _kept(notice("one")) == _kept(notice("one")) != _kept(notice("two"))


def test_controls_stay_as_long_as_their_defaults_do() -> None:
    def kept(default: str, query: str = "") -> object:
        shade = Select("shade", "Shade", {"rose": "Rose", "plum": "Plum"}, default)
        return _kept(controls(State(query), [shade]))

    assert kept("rose") == kept("rose", "?shade=plum") != kept("plum")


def test_a_dropdown_made_by_hand_is_a_block_like_any_other() -> None:
    assert _kept(dcc.Dropdown(["a"])) == _kept(dcc.Dropdown(["a"])) != _kept(dcc.Dropdown(["b"]))


def asked(drawn: dict[str, Any] | None) -> dict[str, Any]:
    """What a browser sends each second."""
    ids = ("masthead.children", "page.children", "drawn.data")
    inputs = (("tick", "n_intervals", 1), ("place", "pathname", "/"), ("place", "search", ""))
    return {
        "output": f"..{'...'.join(ids)}..",
        "outputs": [dict(zip(("id", "property"), each.split("."), strict=True)) for each in ids],
        "inputs": [dict(zip(("id", "property", "value"), each, strict=True)) for each in inputs],
        "changedPropIds": ["tick.n_intervals"],
        "state": [{"id": "drawn", "property": "data", "value": drawn}],
    }


def test_what_a_run_is_asked_to_do_is_told_anew_when_it_changed(run: Run) -> None:
    client = create_app([run], PAGES).server.test_client()
    drawn = None
    for trials in (14, 30):
        run.with_trials(trials)
        answer = client.post("/_dash-update-component", json=asked(drawn)).get_json()["response"]
        assert f"{trials} trials" in json.dumps(answer["masthead"])
        drawn = answer["drawn"]["data"]


def test_a_figure_made_by_hand_is_drawn_and_then_redrawn_in_its_place(
    run: Run, row: Callable[..., dict[str, Any]]
) -> None:
    def draw(view: RunView) -> list[Component]:
        return [dcc.Graph(figure={"data": [{"y": [view.trials.height]}]})]

    client = create_app([run], [Page("mine", "Mine", 0, draw)]).server.test_client()
    first = client.post("/_dash-update-component", json=asked(None)).get_json()["response"]
    assert [block["props"]["id"] for block in first["page"]["children"]] == ["mine-figure-0"]
    Ledger(run).write_trial(row("t0014", 5, 0, 8, 36.0, 90.0))
    second = client.post("/_dash-update-component", json=asked(first["drawn"]["data"])).get_json()
    assert second["response"].keys() == {"drawn"}
    changed = second["sideUpdate"]["mine-figure-0"]["figure"]["operations"]
    assert changed[0]["params"]["value"][0]["y"] == [15]
