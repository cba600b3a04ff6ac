from __future__ import annotations

import pytest
from dash.development.base_component import Component

from paretint.dashboard import Page, RunView
from paretint.dashboard.follow import _set, find_page
from paretint.dashboard.frame import address


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
