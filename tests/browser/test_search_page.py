from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from paretint.dashboard import report
from paretint.store import Ledger, Run

Visit = Callable[..., Any]
MakeRow = Callable[..., dict[str, Any]]


def ran(worker: str, began: float, seconds: float) -> dict[str, Any]:
    return {
        "worker": worker, "time.began": began, "time.ended": began + seconds,
        "cost.speed_s": 0.1 * seconds, "cost.train_s": 0.9 * seconds,
    }  # fmt: skip


@pytest.fixture
def timed(run: Run) -> Run:
    """The made-up run with who ran its trials: two workers in turns, each trial for a minute."""
    for number, trial in enumerate(Ledger(run).trials()["trial"]):
        worker = f"node-{number % 2}:{4000 + number % 2}"
        Ledger(run).add_to_trial(trial, ran(worker, 60.0 * (number // 2), 60.0))
    return run


def bars(page: Page) -> Locator:
    return page.locator("[id^=search-timeline] .barlayer .point path")


def dropdown(page: Page) -> Locator:
    return page.get_by_role("group", name="Hypervolume over").get_by_role("button")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("form", ["served", "report"])
def test_page_draws_the_search_and_keeps_to_itself(
    visit: Visit,
    serve_run: Callable[[Run], str],
    timed: Run,
    form: str,
    width: int,
    scheme: str,
) -> None:
    address = f"{serve_run(timed)}made-up/search" if form == "served" else report(timed).as_uri()
    watched = visit(address, width, scheme)
    page = watched.page
    expect(page.get_by_role("heading", name="Timeline by worker")).to_be_visible()
    # Of 14 trials: the timing, the training and the rest of each.
    expect(bars(page)).to_have_count(3 * 14)
    expect(page.locator("[id^=search-volume] .scatterlayer .trace")).to_have_count(3)
    expect(page.get_by_role("cell", name="speed.fps < 60")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.complaints == []
    assert watched.strayed == []


def test_the_axis_is_chosen_by_keyboard_and_lies_in_the_address(
    visit: Visit, serve_run: Callable[[Run], str], timed: Run
) -> None:
    address = f"{serve_run(timed)}made-up/search"
    watched = visit(address)
    page = watched.page
    expect(page.locator("#search-volume-trials-time-work")).to_be_visible()
    dropdown(page).press("Enter")
    expect(page.get_by_role("option", name="all of them").locator("input")).to_be_focused()
    page.get_by_role("option", name="work of all workers").press("Enter")
    expect(page.locator("#search-volume-work")).to_be_visible()
    expect(page).to_have_url(f"{address}?over=work")
    expect(dropdown(page)).to_contain_text("work of all workers")
    # The page was laid out anew, and the keyboard is where it was.
    expect(dropdown(page)).to_be_focused()
    page.go_back()
    expect(page.locator("#search-volume-trials-time-work")).to_be_visible()
    expect(dropdown(page)).to_contain_text("all of them")
    assert watched.complaints == []


def test_a_bar_tells_its_trial(visit: Visit, serve_run: Callable[[Run], str], timed: Run) -> None:
    page = visit(f"{serve_run(timed)}made-up/search").page
    expect(bars(page)).to_have_count(3 * 14)
    training = page.locator("[id^=search-timeline] .barlayer .trace").last.locator(".point").first
    training.scroll_into_view_if_needed()
    box = training.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told = page.locator(".hoverlayer .hovertext")
    expect(told).to_contain_text("t0000")
    expect(told).to_contain_text("60.0 s in all, by node-0:4000")
    expect(told).to_contain_text("training: 54.0 s")


def test_a_new_trial_appears_without_reloading(
    visit: Visit, serve_run: Callable[[Run], str], timed: Run, row: MakeRow
) -> None:
    watched = visit(f"{serve_run(timed)}made-up/search")
    page = watched.page
    expect(bars(page)).to_have_count(3 * 14)
    page.evaluate("window.untouched = true")
    Ledger(timed).write_trial(
        row("t0014", 10, 1000, 16, 38.4, 410.0) | ran("node-0:4000", 600.0, 30.0)
    )
    expect(bars(page)).to_have_count(3 * 15)
    expect(page.locator(".tiles")).to_contain_text("of 14 trials; 15 are over")
    # A third worker takes a lane of its own.
    Ledger(timed).write_trial(
        {"trial": "t0015", "state": "failed", "reason": "<b>no</b>", **ran("new:1", 600.0, 9.0)}
    )
    expect(page.locator("#search-timeline-3 .ytick")).to_have_text(
        ["node-0:4000", "node-1:4001", "new:1"]
    )
    expect(page.get_by_role("cell", name="<b>no</b>")).to_be_visible()
    assert page.evaluate("window.untouched") is True
    assert watched.complaints == []
