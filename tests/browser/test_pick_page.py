from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from paretint.store import Ledger, Run

Visit = Callable[..., Any]
MakeRow = Callable[..., dict[str, Any]]
HEADING = "The pick: "


def winner(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=HEADING)).to_have_text(HEADING + name)


def speed_slider(page: Page) -> Locator:
    return page.get_by_role("group", name="Speed at least").get_by_role("slider")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_an_address_restores_the_view(visit: Visit, served: str, width: int, scheme: str) -> None:
    watched = visit(f"{served}made-up/pick?speed.fps=300&within=1se", width, scheme)
    page = watched.page
    winner(page, "t0007")
    expect(speed_slider(page)).to_have_attribute("aria-valuenow", "300")
    expect(page.locator(".command")).to_contain_text("--where 'speed.fps >= 300'")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.complaints == []
    assert watched.strayed == []


def test_a_slider_moves_by_keyboard_and_the_way_back_leads_back(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/pick")
    page = watched.page
    winner(page, "t0011")
    speed_slider(page).press("End")
    winner(page, "t0003")
    assert "speed.fps=" in page.url
    # The page was redrawn around the slider, which is still the one that the keys move.
    page.keyboard.press("Home")
    winner(page, "t0011")
    expect(page).to_have_url(f"{served}made-up/pick")
    page.go_back()
    winner(page, "t0003")
    page.go_back()
    winner(page, "t0011")
    page.go_forward()
    winner(page, "t0003")
    assert watched.complaints == []


def test_a_choice_from_a_list_is_in_the_address(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/pick")
    page = watched.page
    winner(page, "t0011")
    page.get_by_role("group", name="As good as the best").get_by_role("button").click()
    page.get_by_role("option", name="all within 2 standard errors").click()
    expect(page).to_have_url(f"{served}made-up/pick?within=2se")
    expect(page.locator(".command")).to_contain_text("--within 2se")
    assert watched.complaints == []


def test_what_an_address_gets_wrong_is_said(visit: Visit, served: str) -> None:
    page = visit(f"{served}made-up/pick?within=nonsense").page
    winner(page, "t0011")
    expect(page.locator(".notice")).to_have_text(
        "Left out of this address: within=nonsense (no such choice)."
    )


def test_a_new_row_is_picked_without_reloading(
    visit: Visit, served: str, run: Run, row: MakeRow
) -> None:
    watched = visit(f"{served}made-up/pick")
    winner(watched.page, "t0011")
    Ledger(run).write_trial(row("t0014", 10, 1000, 16, 38.4, 410.0))
    winner(watched.page, "t0014")
    assert watched.complaints == []
