from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Ledger, Run


@pytest.fixture
def better(run: Run, tmp_path: Path) -> Run:
    """The made-up run, with its most accurate trial 5 dB better."""
    copy = Run.open(shutil.copytree(run.folder, tmp_path / "runs" / "better <b>"))
    row = Ledger(copy).trials().filter(trial="t0011").to_dicts()[0]
    shift = {name: row[name] + 5 for name in ("quality.psnr", "quality.psnr_lo", "quality.psnr_hi")}
    Ledger(copy).write_trial(row | shift)
    return copy


def compare_page(*runs: Run) -> str:
    (page,) = [page for page in load_pages() if page.name == "compare"]
    first, *others = map(read_view, runs)
    return to_html(page.blocks(first, others=others))


def test_one_run_is_told_how_to_give_more(run: Run) -> None:
    text = compare_page(run)
    assert "There is one run here. Give several, and they are held against each other:" in text
    assert f">paretint dashboard {run.folder} RUN</pre>" in text


def test_page_tells_each_run_and_its_difference_with_intervals(run: Run, better: Run) -> None:
    text = compare_page(run, better)
    assert "Every run stands against made-up: " in text
    assert "Hypervolumes are over 30 dB and 20 fps." in text
    cells = re.findall(r"<td>(.*?)</td>", text)
    first, second = cells[:8], cells[8:]
    assert first[0].startswith("5,468<small>5,")
    assert (first[1], first[6], first[7]) == ("", "2 of 3", "12")
    assert second[2].startswith("42.60<small>42.")
    # 5 dB more where the best trial has 181 fps more than the reference.
    assert second[1].startswith("+905<small>+")
    assert re.fullmatch(
        r"\+5.00<small>\+4\.\d\d to \+5\.\d\d</small><small>better</small>", second[3]
    )
    assert second[5] == "0<small></small><small></small>"
    assert (second[6], second[7]) == ("3 of 3", "12")
    assert "not over seeds, for no recipe was trained from a second one" in text


def test_names_of_runs_are_text(run: Run, better: Run) -> None:
    shown = re.sub(r"<script.*?</script>", "", compare_page(better, run), flags=re.DOTALL)
    assert "Differences from better &lt;b&gt;" in shown
    assert "<b>" not in shown


def test_runs_without_trials_say_so(run: Run, tmp_path: Path, experiment: Experiment) -> None:
    text = compare_page(run, Run.create(tmp_path / "empty", experiment))
    assert "Nothing to compare yet: it takes complete trials of two runs." in text
    assert "empty is left out: no trial of it is complete." in text
