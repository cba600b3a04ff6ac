from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from paretint.dashboard import report
from paretint.store import Ledger, Run

Visit = Callable[..., Any]
MakeRow = Callable[..., dict[str, Any]]
KEY = "ab" * 32
HOSTILE = "<img src=x onerror='window.ran = 1'>"


def log(run: Run, worker: str, part: int, seconds: float) -> None:
    run.log(
        "amplify", trial="t0007", worker=worker, began=0.0, ended=seconds, gpus=0.0, part=part,
        amplifier_key="a", amplified_key=KEY, images=500, rejected=25,
    )  # fmt: skip


@pytest.fixture
def amplified(run: Run, row: MakeRow) -> Run:
    """The made-up run, with what two actors drew for one of its trials."""
    told = {"amplified_key": KEY, "amplifier_key": "a", "amplify.rejected": 0.05}
    Ledger(run).write_trial(row("t0007", 5, 1000, 16, 36.9, 407.0, **told))
    log(run, "here:1", 0, 100.0)
    log(run, HOSTILE, 1, 50.0)
    sheet = run.contact_sheet(KEY)
    sheet.parent.mkdir()
    Image.new("RGB", (512, 128), "red").save(sheet, "JPEG")
    return run


def parts(page: Page) -> Any:
    return page.locator("#actors .scatterlayer .trace").first.locator(".point")


@pytest.mark.parametrize("form", ["served", "report"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_page_shows_who_drew_what_and_keeps_to_itself(
    visit: Visit,
    serve_run: Callable[[Run], str],
    amplified: Run,
    form: str,
    width: int,
    scheme: str,
) -> None:
    served = form == "served"
    url = f"{serve_run(amplified)}made-up/amplification" if served else report(amplified).as_uri()
    watched = visit(url, width, scheme)
    page = watched.page
    expect(parts(page)).to_have_count(2)
    expect(page.get_by_role("rowheader", name=HOSTILE)).to_be_visible()
    expect(page.locator("#rejections .scatterlayer .point")).to_have_count(1)
    picture = page.get_by_role("img", name="Faces before (above) and after (below)")
    assert picture.evaluate("e => e.naturalWidth") == 512
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("window.ran") is None
    assert watched.complaints == []
    assert watched.strayed == []


def test_a_part_that_is_drawn_appears_without_reloading(
    visit: Visit, serve_run: Callable[[Run], str], amplified: Run
) -> None:
    watched = visit(f"{serve_run(amplified)}made-up/amplification")
    page = watched.page
    expect(parts(page)).to_have_count(2)
    page.evaluate("window.untouched = true")
    log(amplified, "here:1", 2, 100.0)
    expect(parts(page)).to_have_count(3)
    assert page.evaluate("window.untouched") is True
    assert watched.complaints == []


def test_a_run_that_amplified_nothing_says_so(visit: Visit, served: str) -> None:
    watched = visit(f"{served}made-up/amplification")
    expect(watched.page.locator(".notice")).to_contain_text("Nothing was amplified")
    assert watched.complaints == []
