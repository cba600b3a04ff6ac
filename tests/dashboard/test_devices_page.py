from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Ledger, Result, Run

MakeRow = Callable[..., dict[str, Any]]


def devices_page(run: Run, query: str = "") -> str:
    (page,) = [page for page in load_pages() if page.name == "devices"]
    text = to_html(page.blocks(read_view(run), query))
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


@pytest.fixture
def two(run: Run) -> Run:
    """The made-up run, whose trials were timed on a phone too, one of them in full."""
    for number, row in enumerate(Ledger(run).trials().to_dicts()):
        structure = f"{number:064x}"
        host = {"p50_ms": 1000 / row["speed.fps"], "burst_ms": 1200 / row["speed.fps"]}
        named = {f"speed.ort-cpu.{name}": value for name, value in host.items()}
        Ledger(run).add_to_trial(row["trial"], named | {"structure.onnx": structure})
        figures = {"fps": row["speed.fps"] / 10, "provenance": "measured:phone:aihub"}
        result = Result("phone", structure, "onnx", figures, {"tool": "<b>aihub</b>"})
        folder = run.folder / "devices" / "phone"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{structure}.json").write_bytes(result.dump())
    samples = [("candidate", 0, "run", 0, float(ms)) for ms in (1, 2, 2, 3)]
    columns = ["model", "session", "phase", "block", "ms"]
    frame = pl.DataFrame(samples, schema=columns, orient="row")
    frame.write_parquet(folder / f"{3:064x}.parquet")
    return run


def test_page_tells_timings_of_the_first_device(two: Run) -> None:
    text = devices_page(two)
    assert 'id="devices-timing-ort-cpu"' in text
    assert 'id="devices-burst-ort-cpu"' in text
    assert '<dt>Burst</dt><dd class="number">1.20 ×</dd>' in text
    assert re.findall(r'<th scope="row">(t\d+)</th><td>(.*?)</td><td>(.*?)</td>', text)[:3] == [
        ("t0011", "201", "4.98"),
        ("t0007", "407", "2.46"),
        ("t0003", "884", "1.13"),
    ]
    assert "This run keeps no raw times of ort-cpu" in text


def test_the_address_chooses_the_device_and_the_model(two: Run) -> None:
    text = devices_page(two, "?device=phone&model=t0003")
    assert "Left out of this address" not in text
    assert "No quantiles of times on phone: 13 models tell their fps alone." in text
    assert "No measurement on phone tells fresh sessions apart." in text
    assert "Settled inferences of t0003&#x27;s model on phone" in text
    assert 'id="devices-pace-phone-t0003"' in text
    assert "no such choice" in devices_page(two, "?device=fridge")


def test_page_tells_how_devices_agree(two: Run) -> None:
    # 13 speeds differ; on the phone all are a tenth, and so in the same order.
    assert re.search(r'<th scope="row">phone</th><td>13</td><td>1\.00</td>', devices_page(two))
    assert 'id="devices-ranks-phone-13"' in devices_page(two)


def test_one_device_agrees_with_nothing(run: Run) -> None:
    text = devices_page(run)
    assert "Only ort-cpu has measured speeds in this run" in text
    assert "Nothing of this run tells where operators run." in text
    assert "devices-ranks" not in text


def test_page_tells_where_every_number_comes_from(two: Run) -> None:
    text = devices_page(two)
    told = re.findall(r'<th scope="row">(\w+\.[^<]*)</th><td>(\d+)</td><td class="text">', text)
    assert told == [
        ("speed.ort-cpu.*", "14"),
        ("speed.phone.*", "14"),
        ("quality.*", "14"),
        ("size.*", "14"),
    ]
    assert "measured:phone:aihub" in text
    assert "tool &lt;b&gt;aihub&lt;/b&gt; (14)" in text
    assert "layout 1, paretint" in text


def test_a_run_without_speeds_says_so(tmp_path: Path, experiment: Experiment) -> None:
    run = Run.create(tmp_path / "slow", experiment)
    Ledger(run).write_trial({"trial": "t0000", "state": "failed", "reason": "its process died"})
    text = devices_page(run)
    assert "No model of this run was timed on a device yet." in text
    assert "devices-timing" not in text


def test_page_of_an_empty_run_says_so(tmp_path: Path, experiment: Experiment) -> None:
    run = Run.create(tmp_path / "empty", experiment)
    told = "Nothing to draw yet: none of 14 trials is over."
    assert devices_page(run) == f'<p class="notice">{told}</p>'
