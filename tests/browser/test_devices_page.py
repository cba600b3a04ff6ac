from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Locator, Page, expect

from paretint.dashboard import report
from paretint.store import Ledger, Result, Run

Visit = Callable[..., Any]
# Two of the fourteen trials are as fast as each other, and count as one model.
MODELS = 13


def write_result(folder: Path, structure: str, fps: float) -> None:
    """What an agent on a phone leaves of a model, with its raw times."""
    p50 = 1000 / fps
    figures = {"fps": fps, "p50_ms": p50, "p90_ms": 1.2 * p50, "p99_ms": 2 * p50,
               "burst_ms": 0.8 * p50, "cv": 0.1, "load_ms": 9.0,
               "provenance": "measured:agent:phone"}  # fmt: skip
    result = Result("agent:phone", structure, "onnx", figures, {"device": "android"})
    (folder / f"{structure}.json").write_bytes(result.dump())
    runs = [("candidate", s, "run", 0, p50 * (1 + n / 100)) for s in range(3) for n in range(50)]
    columns = ["model", "session", "phase", "block", "ms"]
    pl.DataFrame(runs, schema=columns, orient="row").write_parquet(folder / f"{structure}.parquet")


@pytest.fixture
def two(run: Run) -> Run:
    """The made-up run, with all models timed on a phone too."""
    folder = run.folder / "devices" / "agent+phone"
    folder.mkdir(parents=True)
    for number, row in enumerate(Ledger(run).trials().to_dicts()):
        Ledger(run).add_to_trial(row["trial"], {"structure.onnx": f"{number:064x}"})
        write_result(folder, f"{number:064x}", row["speed.fps"] / 10)
    return run


def dots(page: Page, figure: str) -> Locator:
    return page.locator(f"[id^={figure}] .scatterlayer .trace").last.locator(".point")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("form", ["served", "report"])
def test_page_draws_what_was_measured_and_keeps_to_itself(
    visit: Visit,
    serve_run: Callable[[Run], str],
    two: Run,
    form: str,
    width: int,
    scheme: str,
) -> None:
    address = f"{serve_run(two)}made-up/devices" if form == "served" else report(two).as_uri()
    watched = visit(address, width, scheme)
    page = watched.page
    expect(dots(page, "devices-ranks")).to_have_count(MODELS)
    expect(page.get_by_role("heading", name="Where every number comes from")).to_be_visible()
    expect(page.get_by_role("row", name=f"agent:phone {MODELS} 1.00")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.complaints == []
    assert watched.strayed == []


def test_an_address_restores_device_and_model(
    visit: Visit, serve_run: Callable[[Run], str], two: Run
) -> None:
    watched = visit(f"{serve_run(two)}made-up/devices?device=agent%3Aphone&model=t0003")
    page = watched.page
    expect(dots(page, "devices-timing")).to_have_count(MODELS)
    expect(dots(page, "devices-burst")).to_have_count(MODELS)
    expect(page.locator("[id^=devices-raw] .barlayer .point")).to_have_count(40)
    expect(page.get_by_role("group", name="Model")).to_contain_text("t0003")
    assert watched.complaints == []


def test_a_device_is_chosen_by_keyboard_and_lies_in_the_address(
    visit: Visit, serve_run: Callable[[Run], str], two: Run
) -> None:
    address = f"{serve_run(two)}made-up/devices"
    watched = visit(address)
    page = watched.page
    expect(page.get_by_text("This run keeps no raw times of ort-cpu")).to_be_visible()
    page.get_by_role("group", name="Device").get_by_role("button").press("Enter")
    expect(page.get_by_role("option", name="ort-cpu").locator("input")).to_be_focused()
    page.get_by_role("option", name="agent:phone").press("Enter")
    expect(page).to_have_url(f"{address}?device=agent%3Aphone")
    expect(dots(page, "devices-timing")).to_have_count(MODELS)
    page.get_by_role("group", name="Model").get_by_role("button").press("Enter")
    expect(page.get_by_role("option", name="t0000").locator("input")).to_be_focused()
    page.get_by_role("option", name="t0005").press("Enter")
    expect(page).to_have_url(f"{address}?device=agent%3Aphone&model=t0005")
    expect(page.locator(".caption", has_text="t0005's model")).to_be_visible()
    page.go_back()
    expect(page.locator(".caption", has_text="t0000's model")).to_be_visible()
    assert watched.complaints == []


def test_what_an_agent_measures_appears_without_reloading(
    visit: Visit, serve_run: Callable[[Run], str], two: Run
) -> None:
    watched = visit(f"{serve_run(two)}made-up/devices?device=agent%3Aphone")
    page = watched.page
    expect(dots(page, "devices-timing")).to_have_count(MODELS)
    page.evaluate("window.untouched = true")
    Ledger(two).write_trial(
        {"trial": "t<0014>", "state": "complete", "structure.onnx": "e" * 64, "speed.fps": 7.0}
    )
    write_result(two.folder / "devices" / "agent+phone", "e" * 64, 7.0)
    expect(dots(page, "devices-timing")).to_have_count(MODELS + 1)
    expect(page.locator(".tiles")).to_contain_text(f"{MODELS + 1}")
    assert page.evaluate("window.untouched") is True
    assert watched.complaints == []


def test_a_mark_tells_its_measurement(
    visit: Visit, serve_run: Callable[[Run], str], two: Run
) -> None:
    page = visit(f"{serve_run(two)}made-up/devices?device=agent%3Aphone").page
    expect(dots(page, "devices-timing")).to_have_count(MODELS)
    box = dots(page, "devices-timing").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told = page.locator(".hoverlayer .hovertext")
    expect(told).to_contain_text("t0003")
    expect(told).to_contain_text("p50 11.31 ms, p90 13.57 ms, p99 22.62 ms, burst 9.05 ms")
