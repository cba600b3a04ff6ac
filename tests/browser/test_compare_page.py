from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from paretint.store import Ledger, Run

Visit = Callable[..., Any]
Serve = Callable[..., str]
MakeRow = Callable[..., dict[str, Any]]
LONG = "another-run-of-which-the-name-is-much-longer-than-it-need-be"
HOSTILE = "<img src=x onerror='window.ran = 1'>"


@pytest.fixture
def other(run: Run) -> Run:
    """A second run of the same trials."""
    return Run.open(shutil.copytree(run.folder, run.folder.parent / LONG))


def line(page: Page, name: str) -> Locator:
    """The line of a run in the table."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def marks(page: Page, figure: str) -> Locator:
    return page.locator(f"[id='{figure}'] .scatterlayer .point")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_page_holds_runs_against_the_first(
    visit: Visit, serve_run: Serve, run: Run, other: Run, width: int, scheme: str
) -> None:
    watched = visit(f"{serve_run(run, other)}made-up/compare", width, scheme)
    page = watched.page
    expect(line(page, LONG)).to_contain_text("37.60")
    expect(line(page, LONG)).to_contain_text("not sure")
    # Two fronts of three recipes, and the reference point; one run in each of three panels.
    expect(marks(page, "fronts")).to_have_count(7)
    expect(marks(page, "differences")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    head = line(page, LONG).get_by_role("rowheader").bounding_box()
    assert head is not None
    assert head["width"] < width / 2
    assert watched.complaints == []
    assert watched.strayed == []


def told_of_the_best(page: Page) -> Locator:
    """What shows where the second run's most accurate trial is pointed at."""
    expect(marks(page, "fronts")).to_have_count(7)
    box = marks(page, "fronts").nth(4).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return page.locator(".hoverlayer .hovertext")


def improve(run: Run) -> None:
    """Let a run's most accurate trial lie apart from that of the made-up run."""
    row = Ledger(run).trials().filter(trial="t0011").to_dicts()[0]
    Ledger(run).write_trial(row | {"quality.psnr": 38.4})


def test_pointing_at_a_recipe_tells_whose_it_is(
    visit: Visit, serve_run: Serve, run: Run, other: Run
) -> None:
    improve(other)
    told = told_of_the_best(visit(f"{serve_run(run, other)}made-up/compare").page)
    expect(told).to_contain_text(LONG)
    expect(told).to_contain_text("t0011")
    expect(told).to_contain_text("pairs 10 · amplified 1,000 · width 24")


def test_page_follows_every_run_and_another_can_be_the_first(
    visit: Visit, serve_run: Serve, run: Run, other: Run, row: MakeRow
) -> None:
    watched = visit(f"{serve_run(run, other)}made-up/compare")
    page = watched.page
    expect(line(page, LONG)).to_contain_text("3 of 3")
    page.evaluate("window.untouched = true")
    Ledger(other).write_trial(row("t0014", 10, 1000, 16, 39.6, 410.0))
    expect(line(page, LONG)).to_contain_text("+2.00")
    expect(line(page, LONG)).to_contain_text("better")
    page.get_by_role("link", name=LONG).press("Enter")
    expect(line(page, "made-up")).to_contain_text("-2.00")
    assert page.url.endswith(f"/{LONG}/compare")
    Ledger(run).write_trial(row("t0014", 10, 1000, 16, 40.6, 410.0))
    expect(line(page, "made-up")).to_contain_text("+1.00")
    assert page.evaluate("window.untouched") is True
    assert watched.complaints == []


def test_one_run_is_told_how_to_give_more(visit: Visit, served: str, run: Run) -> None:
    watched = visit(f"{served}made-up/compare")
    expect(watched.page.locator(".notice")).to_contain_text("There is one run here.")
    expect(watched.page.locator(".command")).to_have_text(f"paretint dashboard {run.folder} RUN")
    assert watched.complaints == []


def test_a_runs_name_is_text(visit: Visit, serve_run: Serve, run: Run) -> None:
    hostile = Run.open(shutil.copytree(run.folder, run.folder.parent / HOSTILE))
    improve(hostile)
    watched = visit(f"{serve_run(run, hostile)}made-up/compare")
    page = watched.page
    expect(line(page, HOSTILE)).to_contain_text("38.40")
    expect(told_of_the_best(page)).to_contain_text(HOSTILE)
    assert page.evaluate("window.ran") is None
    assert watched.complaints == []
    assert watched.strayed == []
