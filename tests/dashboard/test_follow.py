from __future__ import annotations

import pytest
from dash.development.base_component import Component

from paretint.dashboard import Page, RunView
from paretint.dashboard.follow import find_page
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
