"""The front's axes and bounds, as a reader sets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from paretint.dashboard import report
from paretint.store import Ledger, Run

Visit = Callable[..., Any]
MakeRow = Callable[..., dict[str, Any]]

GRIPS = ".layer-above .shapelayer path"


def drawn(page: Page) -> None:
    expect(page.locator(".scatterlayer .textpoint").first).to_be_visible()


def beyond(page: Page) -> Locator:
    return page.locator(".live", has_text="Beyond")


def speed(page: Page) -> Locator:
    return page.get_by_role("group", name="Speed at least").get_by_role("slider")


def at_rest(part: Locator) -> FloatRect:
    """Where a part of a figure lies once it is drawn: words on the page may be ahead of it."""
    last = None
    while (box := part.bounding_box()) is None or box != last:
        last = box
        part.page.wait_for_timeout(100)
    return box


def drag(page: Page, number: int, x: float, y: float) -> None:
    """Drags a grip or a knob to a part of the figure: 0 to 1 from its left and its bottom edge."""
    page.locator(".plot").evaluate("plot => plot.scrollIntoView({block: 'center'})")
    grip = at_rest(page.locator(GRIPS).nth(number))
    area = at_rest(page.locator(".nsewdrag"))
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    target = area["x"] + x * area["width"], area["y"] + (1 - y) * area["height"]
    page.mouse.move(*target, steps=5)
    expect(page.locator(".said")).to_be_visible()
    page.mouse.up()
    expect(page.locator(".said")).to_be_hidden()


def test_a_line_is_dragged_to_a_bound(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/front")
    page = watched.page
    drawn(page)
    expect(beyond(page)).to_contain_text("bounds: 0 of 12 trials; left: 12")
    # PSNR's grip and knob come first, Speed's next; each lies at an edge until it is dragged.
    drag(page, 3, 0.6, 0.9)
    expect(beyond(page)).to_contain_text("8 of 12 trials; left: 4")
    expect(page.locator(".shape-label-text", has_text="Speed ≥")).to_be_visible()
    bound = speed(page).get_attribute("aria-valuenow")
    assert 410 < float(bound or 0) < 870
    expect(page).to_have_url(f"{served}made-up/front?speed.fps={bound}")
    # The line itself may be dragged too: back over the trials of 400 fps, and out of the figure.
    drag(page, 2, 0.4, 0.5)
    expect(beyond(page)).to_contain_text("3 of 12 trials; left: 9")
    drag(page, 2, -0.2, 0.5)
    expect(beyond(page)).to_contain_text("bounds: 0 of 12")
    expect(page).to_have_url(f"{served}made-up/front")
    page.go_back()
    expect(beyond(page)).to_contain_text("3 of 12")
    assert watched.complaints == []
    assert watched.strayed == []


def test_a_bound_upwards_is_dragged_too_on_a_narrow_screen(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/front", 390, "dark")
    page = watched.page
    drawn(page)
    drag(page, 1, 0.9, 0.8)
    expect(beyond(page)).not_to_contain_text("bounds: 0 of")
    assert "quality.psnr=3" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert watched.complaints == []


def test_the_same_bound_by_keyboard_leads_to_the_pick(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/front")
    page = watched.page
    drawn(page)
    speed(page).press("End")
    expect(beyond(page)).to_contain_text("9 of 12 trials; left: 3")
    expect(page.locator(".shape-label-text", has_text="Speed ≥ 880 fps")).to_be_visible()
    expect(speed(page)).to_be_focused()
    page.get_by_role("link", name="Pick one of them").click()
    expect(page.get_by_role("heading", name="The pick: ")).to_have_text("The pick: t0003")
    expect(page).to_have_url(f"{served}made-up/pick?speed.fps=880")
    assert watched.complaints == []


def test_other_columns_may_be_the_axes(visit: Visit, served: str, run: Run, row: MakeRow) -> None:
    watched = visit(f"{served}made-up/front?speed.fps=300")
    page = watched.page
    drawn(page)
    page.get_by_role("group", name="Across").get_by_role("button").click()
    page.get_by_role("option", name="Parameters").click()
    expect(page.locator(".g-xtitle")).to_have_text("Parameters")
    expect(page).to_have_url(f"{served}made-up/front?speed.fps=300&x=size.params")
    expect(page.locator(".xtick").last).to_have_text("80k")
    expect(page.locator(".caption").first).to_contain_text("not the axes")
    # Only PSNR's bound cuts an axis now; Speed's still holds.
    expect(page.locator(GRIPS)).to_have_count(2)
    expect(beyond(page)).to_contain_text("3 of 12")
    Ledger(run).write_trial(row("t0014", 10, 1000, 16, 38.4, 410.0))
    expect(beyond(page)).to_contain_text("3 of 13")
    expect(page.locator(".g-xtitle")).to_have_text("Parameters")
    page.go_back()
    expect(page.locator(".g-xtitle")).to_have_text("Speed, fps")
    expect(page.locator(".xtick").last).to_have_text("900")
    assert watched.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_without_a_server_has_nothing_to_drag(visit: Visit, run: Run, width: int) -> None:
    watched = visit(report(run).as_uri(), width)
    drawn(watched.page)
    expect(watched.page.locator(GRIPS).first).to_be_hidden()
    expect(watched.page.locator(".controls, .live, .panel")).to_have_count(0)
    assert watched.page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.complaints == []


def test_a_new_lowest_trial_keeps_the_readers_zoom(
    visit: Visit, served: str, run: Run, row: MakeRow
) -> None:
    """It moves the loose ends of the bounds, which are the defaults of their sliders."""
    page = visit(f"{served}made-up/front").page
    drawn(page)
    page.locator(".plot").hover()
    page.locator(".modebar-btn[data-attr=dragmode][data-val=zoom]").click()
    area = page.locator(".nsewdrag").bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + 0.4 * area["width"], area["y"] + 0.3 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.6 * area["width"], area["y"] + 0.7 * area["height"], steps=5)
    page.mouse.up()
    expect(page.locator(".xtick").last).not_to_have_text("900")
    ticks = page.locator(".xtick").all_text_contents()
    Ledger(run).write_trial(row("t0014", 2, 0, 24, 31.0, 90.0))
    expect(beyond(page)).to_contain_text("bounds: 0 of 13")
    expect(speed(page)).to_have_attribute("aria-valuemin", "90")
    assert page.locator(".xtick").all_text_contents() == ticks
    expect(page).to_have_url(f"{served}made-up/front")
