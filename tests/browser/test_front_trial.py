"""One trial of the front: pointed at, chosen, looked at, while its run goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from paretint.store import FACES, KeptFace, Ledger, Run

Visit = Callable[..., Any]
MakeRow = Callable[..., dict[str, Any]]


@pytest.fixture
def run(run: Run) -> Run:
    """The made-up run with files of one trial, faces among them."""
    folder = run.models("t0007")
    (folder / FACES).mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"a model")
    for number in (1, 2, 3, 4):
        for name, shade in zip(KeptFace.numbered(number), (60, 140, 220), strict=True):
            Image.new("RGB", (32, 32), (shade, 90, 90)).save(folder / FACES / name)
    return run


def mark(page: Page, number: int) -> tuple[float, float]:
    """Where a trial of the front is drawn, in the ledger's order."""
    traces = page.locator(".scatterlayer .trace").filter(has=page.locator(".textpoint"))
    box = traces.last.locator(".point").nth(number).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def panel(page: Page) -> Locator:
    return page.locator(".panel")


def expect_loaded(images: Locator) -> None:
    for image in images.all():
        expect(image).to_have_js_property("naturalWidth", 32)


def test_pointing_at_a_trial_shows_faces_it_made_up(visit: Visit, served: str) -> None:
    watched = visit(served)
    page = watched.page
    expect(page.locator(".scatterlayer .textpoint").first).to_be_visible()
    page.mouse.move(*mark(page, 1))
    expect(page.locator(".hoverlayer .hovertext")).to_contain_text("t0007")
    faces = page.locator(".peek img")
    expect(faces).to_have_count(4)
    expect(faces.first).to_be_visible()
    expect_loaded(faces)
    page.mouse.move(*mark(page, 0))  # a trial without any
    expect(page.locator(".hoverlayer .hovertext")).to_contain_text("t0003")
    expect(page.locator(".peek")).to_be_hidden()
    assert watched.complaints == []
    assert watched.strayed == []


def test_a_click_fills_the_panel_and_the_address(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/front")
    page = watched.page
    expect(page.locator(".scatterlayer .textpoint").first).to_be_visible()
    page.mouse.click(*mark(page, 1))
    expect(panel(page).get_by_role("heading", level=2)).to_have_text("t0007")
    expect(page).to_have_url(f"{served}made-up/front?trial=t0007")
    expect(panel(page)).to_contain_text("36.90 ±0.50 dB")
    expect(panel(page)).to_contain_text("paretint run")
    expect(panel(page).locator(".face")).to_have_count(4)
    expect_loaded(panel(page).locator("img"))
    with page.expect_download() as download:
        panel(page).get_by_role("link", name="model.onnx").click()
    assert Path(download.value.path()).read_bytes() == b"a model"
    panel(page).get_by_role("link", name="Close").click()
    expect(panel(page)).to_have_count(0)
    page.go_back()
    expect(panel(page)).to_be_visible()
    # A trial that was looked at before can be clicked again.
    panel(page).get_by_role("link", name="Close").click()
    expect(panel(page)).to_have_count(0)
    page.mouse.click(*mark(page, 1))
    expect(panel(page)).to_be_visible()
    assert watched.complaints == []
    assert watched.strayed == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_enter_on_a_trial_of_the_table_shows_it(
    visit: Visit, served: str, width: int, scheme: str
) -> None:
    watched = visit(f"{served}made-up/front?speed.fps=300", width, scheme)
    page = watched.page
    page.get_by_role("link", name="t0007").press("Enter")
    expect(panel(page).get_by_role("heading", level=2)).to_have_text("t0007")
    expect(page).to_have_url(f"{served}made-up/front?speed.fps=300&trial=t0007")
    expect(panel(page).get_by_role("heading", level=2)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.complaints == []
    assert watched.strayed == []


def test_faces_before_and_after_are_uncovered_by_keyboard_and_by_hand(
    visit: Visit, served: str
) -> None:
    page = visit(f"{served}made-up/front?trial=t0007").page
    slider = page.get_by_role("slider", name="Held-out faces")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "55")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0 % before")
    face = slider.locator(".face").first
    face.scroll_into_view_if_needed()
    box = face.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 20, steps=4)
    page.mouse.up()
    expect(slider).to_have_attribute("aria-valuenow", "75")
    clip = face.locator(".above").evaluate("e => getComputedStyle(e).clipPath")
    assert clip.replace("calc(25%)", "25%") == "inset(0px 25% 0px 0px)"  # the versions differ


def test_what_is_looked_at_stays_while_the_run_goes_on(
    visit: Visit, served: str, run: Run, row: MakeRow
) -> None:
    watched = visit(f"{served}made-up/front?trial=t0007&speed.fps=390")
    page = watched.page
    slider = page.get_by_role("slider", name="Held-out faces")
    slider.press("ArrowRight")
    expect(page.locator(".live", has_text="Beyond")).to_contain_text("3 of 12")
    Ledger(run).write_trial(row("t0014", 10, 1000, 16, 38.4, 110.0))
    expect(page.locator(".live", has_text="Beyond")).to_contain_text("4 of 13")
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "60")
    expect(panel(page).get_by_role("heading", level=2)).to_have_text("t0007")
    assert watched.complaints == []
