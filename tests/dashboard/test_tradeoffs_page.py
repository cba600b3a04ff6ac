from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Ledger, Run

MakeRow = Callable[..., dict[str, Any]]


def page_of(run: Run, query: str = "") -> str:
    (page,) = [page for page in load_pages() if page.name == "tradeoffs"]
    return to_html(page.blocks(read_view(run), query))


def cells(text: str, row: str) -> list[str]:
    found = re.search(rf'<th scope="row">{row}</th>(.*?)</tr>', text)
    assert found is not None
    return [re.sub("<[^>]*>", " ", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1])]


def test_the_grids_are_a_heatmap_with_gains(run: Run) -> None:
    text = page_of(run)
    assert "<h2>PSNR by pairs × amplified × width</h2>" in text
    width16 = re.split(r"<h3>width (\d+)</h3>", text)[4]
    assert cells(width16, "5") == [
        "34.90 ±0.50 ", "35.50 ±0.50 ", "36.90 ±0.50 ", "+2.00 ±0.71 ",
    ]  # fmt: skip
    assert cells(width16, "2") == ["33.80 ±0.50 ", "–", "–", "–"]
    depths = [float(depth) for depth in re.findall("--depth: ([0-9.]+)", text)]
    assert (min(depths), max(depths)) == (0.0, 1.0)


def test_less_is_shaded_deeper_where_less_is_better(run: Run) -> None:
    text = page_of(run, "?score=size.onnx_bytes&across=param.width&down=none")
    grid = re.findall(r"--depth: ([0-9.]+)\">([0-9,]+)", text)
    assert grid[0] == ("1.000", "38,400")
    assert grid[-1] == ("0.000", "345,600")


def test_each_step_has_its_gain_and_its_cost(run: Run, row: MakeRow) -> None:
    for trial, images, spent, gpu in (("t0001", 0, 0.0, 0.0), ("t0002", 250, 60.0, 480.0)):
        key = {"amplified_key": "a"} if images else {}
        paid = {"cost.amplify_s": spent, "cost.gpu_s": gpu, "cost.train_s": 20.0}
        psnr = 33.9 + images / 250
        Ledger(run).write_trial(row(trial, 5, images, 8, psnr, 880.0, **key, **paid))
    assert cells(page_of(run), "pairs 5 → 10") == ["+0.80 ±0.71", "1", "0 s", "–"]
    Ledger(run).write_trial(row("t0006", 5, 250, 16, 35.5, 398.0, state="failed"))
    assert cells(page_of(run), "amplified 0 → 250") == [
        "+1.00 ±0.71",
        "1",
        "+8.0 min of GPU",
        "0 s",
    ]


def test_importance_says_what_it_means(run: Run) -> None:
    text = page_of(run)
    assert "among the best 5 of 12 recipes differ from those of all (PED-ANOVA" in text
    for trial in ("t0000", "t0001", "t0002"):
        Ledger(run).write_trial({"trial": trial, "state": "failed"})
    assert "9 recipes are too few to say; 10 are needed." in page_of(run)


def test_all_of_the_best_are_told_and_where_nothing_sets_them_apart(
    tmp_path: Path, experiment: Experiment, row: MakeRow
) -> None:
    run = Run.create(tmp_path / "run", experiment)
    for number in range(12):
        psnr = 33.0 if number < 4 else 32.0
        Ledger(run).write_trial(row(f"t{number:04}", 1 + number, 0, 8, psnr, 900.0))
    told = "No parameter's values among the best 12 of 12 recipes differ from those of all."
    assert told in unescape(page_of(run))
    Ledger(run).write_trial(row("t0011", 12, 0, 8, 31.0, 900.0))
    assert "among the best 11 of 12 recipes differ from those of all (PED-ANOVA" in page_of(run)


def test_page_of_an_empty_run_says_so(tmp_path: Path, experiment: Experiment, row: MakeRow) -> None:
    run = Run.create(tmp_path / "empty", experiment)
    told = "Nothing to compare yet: no trial is complete, of 0."
    assert page_of(run) == f'<p class="notice">{told}</p>'
    Ledger(run).write_trial(row("t0000", 5, 0, 8, 35.0, 100.0))
    told = "Nothing to compare yet: nothing varies in the complete trials (1)."
    assert page_of(run) == f'<p class="notice">{told}</p>'
