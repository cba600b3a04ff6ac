from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from paretint.config import Experiment
from paretint.dashboard import report
from paretint.store import Ledger, Run

Visit = Callable[..., Any]
MakeRow = Callable[..., dict[str, Any]]
# Twelve complete trials and the reference point.
DRAWN = 13


def points(page: Page) -> Locator:
    return page.locator(".plot").first.locator(".scatterlayer .point")


def hover_front(page: Page, number: int) -> str:
    """Points at a trial of the front, in the ledger's order; what the box beside it says."""
    box = (
        page.locator(".plot")
        .first.locator(".scatterlayer .trace")
        .last.locator(".point")
        .nth(number)
        .bounding_box()
    )
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
    return page.locator(".hoverlayer .hovertext").text_content() or ""


@pytest.fixture(params=["served", "report"])
def address(request: pytest.FixtureRequest, run: Run) -> str:
    """The page's two forms: from the server, and as a file."""
    if request.param == "served":
        return str(request.getfixturevalue("served"))
    return report(run).as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_page_draws_every_trial_and_keeps_to_itself(
    visit: Visit, address: str, width: int, scheme: str
) -> None:
    watched = visit(address, width, scheme)
    expect(points(watched.page)).to_have_count(DRAWN)
    expect(watched.page.locator(".tiles").first).to_contain_text("37.60 dB")
    expect(watched.page.get_by_role("heading", name="Recipes on the front")).to_be_visible()
    assert watched.page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.page.locator(".plot .main-svg").first.bounding_box()["width"] <= width
    assert watched.complaints == []
    assert watched.strayed == []


def test_pointing_at_a_trial_shows_its_recipe(visit: Visit, address: str) -> None:
    page = visit(address).page
    expect(points(page)).to_have_count(DRAWN)
    told = hover_front(page, 1)
    assert "t0007" in told
    assert "pairs 5 · amplified 1,000 · width 16" in told
    assert "PSNR 36.90 ±0.50 dB" in told
    assert "measured:ort-cpu" in told


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_page(visit: Visit, address: str, scheme: str) -> None:
    page = visit(address, scheme=scheme).page
    expect(points(page)).to_have_count(DRAWN)
    behind = luminance(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    for text in (".xtick text", ".g-ytitle text", ".shape-label-text", ".lead", "td", "dd"):
        style = (
            "fill" if page.locator(text).first.evaluate("e => e instanceof SVGElement") else "color"
        )
        color = page.locator(text).first.evaluate(f"e => getComputedStyle(e).{style}")
        darker, lighter = sorted([luminance(color), behind])
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, text


def luminance(color: str) -> float:
    """Relative luminance of an `rgb(...)` colour (WCAG 2.2)."""
    channels = [int(n) / 255 for n in re.findall(r"\d+", color)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_new_row_appears_without_reloading(
    visit: Visit, served: str, run: Run, row: MakeRow
) -> None:
    watched = visit(served)
    expect(points(watched.page)).to_have_count(DRAWN)
    watched.page.evaluate("window.untouched = true")
    expect(watched.page.locator(".xtick").last).to_have_text("900")
    Ledger(run).write_trial(row("t0014", 10, 1000, 16, 38.4, 1910.0))
    expect(watched.page.locator(".tiles").first).to_contain_text("38.40 dB")
    expect(points(watched.page)).to_have_count(DRAWN + 1)
    expect(watched.page.locator(".xtick").last).to_have_text("2,000")
    assert watched.page.evaluate("window.untouched") is True
    assert watched.complaints == []


def test_an_update_keeps_the_readers_zoom(
    visit: Visit, served: str, run: Run, row: MakeRow
) -> None:
    page = visit(served).page
    expect(points(page)).to_have_count(DRAWN)
    ticks = zoom_in(page)
    Ledger(run).write_trial(row("t0014", 10, 1000, 16, 38.4, 410.0))
    expect(page.locator(".tiles").first).to_contain_text("38.40 dB")
    expect(points(page)).to_have_count(DRAWN + 1)
    assert page.locator(".xtick").all_text_contents() == ticks


def zoom_in(page: Page) -> list[str]:
    """Drags over the middle of the figure; the ticks below it then."""
    before = page.locator(".xtick").all_text_contents()
    page.locator(".plot").hover()
    page.locator(".modebar-btn[data-attr=dragmode][data-val=zoom]").click()
    box = page.locator(".plot .bglayer").bounding_box() or page.locator(".plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    expect(page.locator(".xtick")).not_to_have_text(before)
    return page.locator(".xtick").all_text_contents()


def test_an_empty_run_says_so_until_the_first_trial(
    visit: Visit,
    serve_run: Callable[[Run], str],
    tmp_path: Path,
    experiment: Experiment,
    row: MakeRow,
) -> None:
    run = Run.create(tmp_path / "new", experiment)
    watched = visit(serve_run(run))
    expect(watched.page.locator(".notice")).to_have_text(
        "Nothing to draw yet: no trial is complete (none of 14 trials)."
    )
    Ledger(run).write_trial(row("t0000", 5, 0, 8, 35.0, 100.0))
    expect(points(watched.page)).to_have_count(2)
    assert watched.complaints == []


HOSTILE = "<img src=x onerror='window.ran = 1'>"


@pytest.mark.parametrize("form", ["served", "report"])
def test_markup_from_a_run_is_text(
    visit: Visit, serve_run: Callable[[Run], str], run: Run, row: MakeRow, form: str
) -> None:
    hostile = Run.open(shutil.copytree(run.folder, run.folder.parent / HOSTILE))
    script = {"param.note": "<script>window.ran = 1</script>" + HOSTILE}
    Ledger(hostile).write_trial(row(f"t{HOSTILE}", 10, 1000, 48, 39.0, 999.0) | script)
    watched = visit(serve_run(hostile) if form == "served" else report(hostile).as_uri())
    page = watched.page
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(points(page)).to_have_count(DRAWN + 1)
    told = hover_front(page, 0)
    assert HOSTILE in told
    assert "<script>window.ran = 1</script>" in told
    assert page.evaluate("window.ran") is None
    assert watched.complaints == []
    assert watched.strayed == []


def test_an_address_without_a_page_leads_back(visit: Visit, served: str) -> None:
    page = visit(f"{served}made-up/nowhere").page
    page.get_by_role("link", name="Front of made-up").click()
    expect(points(page)).to_have_count(DRAWN)
    assert page.url == f"{served}made-up/front"
