from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from paretint.store import Ledger, Run

Visit = Callable[..., Any]
MakeRow = Callable[..., dict[str, Any]]


def step(page: Page, name: str) -> Locator:
    """A step's row in the table."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def lines(page: Page) -> Locator:
    return page.locator("#slices .scatterlayer .trace")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_page_shows_the_study_and_keeps_to_itself(
    visit: Visit, served: str, width: int, scheme: str
) -> None:
    watched = visit(f"{served}made-up/tradeoffs", width, scheme)
    page = watched.page
    expect(lines(page)).to_have_count(3)
    expect(page.locator(".grids table")).to_have_count(3)
    expect(step(page, "pairs 5 → 10")).to_contain_text("+0.80 ±0.71")
    expect(page.locator("#steps .scatterlayer .point")).to_have_count(6)
    expect(page.locator("#importance .scatterlayer .point")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.complaints == []
    assert watched.strayed == []


def test_pointing_at_a_step_tells_it(visit: Visit, served: str) -> None:
    page = visit(f"{served}made-up/tradeoffs").page
    point = page.locator("#steps .scatterlayer .point").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".hoverlayer .hovertext")).to_contain_text("comparison")


def test_the_keyboard_chooses_the_score_and_the_figures_follow(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/tradeoffs")
    page = watched.page
    expect(page.locator("#slices .g-ytitle")).to_have_text("PSNR, dB")
    score = page.get_by_role("group", name="Score").get_by_role("button")
    score.focus()
    page.keyboard.press("Enter")
    # The list moves the focus a moment after each key.
    expect(page.get_by_role("option", name="PSNR").locator("input")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Speed").locator("input")).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{served}made-up/tradeoffs?score=speed.fps")
    expect(page.locator("#slices .g-ytitle")).to_have_text("Speed, fps")
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "Speed by pairs × amplified × width"
    )
    expect(score).to_be_focused()
    page.go_back()
    expect(page.locator("#slices .g-ytitle")).to_have_text("PSNR, dB")
    assert watched.complaints == []


def test_an_address_restores_the_axes(visit: Visit, served: str) -> None:
    page = visit(f"{served}made-up/tradeoffs?across=param.width&down=none&by=none").page
    expect(page.locator(".grids table")).to_have_count(1)
    expect(page.locator("#slices .g-xtitle")).to_have_text("width")
    expect(lines(page)).to_have_count(1)


def test_a_new_row_changes_the_study_without_reloading(
    visit: Visit, served: str, run: Run, row: MakeRow
) -> None:
    watched = visit(f"{served}made-up/tradeoffs")
    page = watched.page
    expect(step(page, "pairs 5 → 10")).to_contain_text("+0.80 ±0.71")
    page.evaluate("window.untouched = true")
    Ledger(run).write_trial(row("t0014", 10, 1000, 16, 37.1, 410.0))
    expect(step(page, "pairs 5 → 10")).to_contain_text("+0.50")
    assert page.evaluate("window.untouched") is True
    assert watched.complaints == []
