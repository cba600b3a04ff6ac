from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Ledger, Run

MakeRow = Callable[..., dict[str, Any]]


def search_page(run: Run, query: str = "") -> str:
    (page,) = [page for page in load_pages() if page.name == "search"]
    return re.sub(
        r"<script.*?</script>", "", to_html(page.blocks(read_view(run), query)), flags=re.DOTALL
    )


def ran(began: float, ended: float) -> dict[str, Any]:
    return {
        "worker": "node:1", "time.began": began, "time.ended": ended, "cost.train_s": ended - began,
    }  # fmt: skip


@pytest.fixture
def timed(run: Run, row: MakeRow) -> Run:
    """The made-up run, with one trial more that tells who ran it."""
    Ledger(run).write_trial(row("t0014", 5, 0, 24, 39.0, 203.0) | ran(50.0, 170.0))
    return run


def test_page_counts_how_trials_ended(run: Run) -> None:
    tiles = re.findall(r'<dt>(.*?)</dt><dd class="number">(.*?)</dd>', search_page(run))
    assert tiles == [
        ("Complete", "12"),
        ("Stopped early", "0"),
        # The made-up row tells of no training, so it never had any.
        ("Never trained", "2"),
        ("Failed", "0"),
        ("Saved", "0 s"),
    ]


def test_page_tells_why_trials_ended_early(run: Run) -> None:
    Ledger(run).write_trial({"trial": "t0014", "state": "failed", "reason": "<b>bad</b>"})
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="text">(.*?)</td>', search_page(run))
    assert rows == [
        ("failed", "&lt;b&gt;bad&lt;/b&gt;"),
        ("never trained", "dominated at rung 10"),
        ("never trained", "speed.fps &lt; 60"),
    ]


def test_page_of_an_older_run_has_no_timeline_and_says_so(run: Run) -> None:
    text = search_page(run)
    assert "an older version of Paretint made the run" in text
    assert 'id="search-volume-trials"' in text
    assert "search-timeline" not in text


def test_page_has_the_timeline_of_who_ran_what(timed: Run) -> None:
    text = search_page(timed)
    assert 'id="search-timeline-1"' in text
    assert "14 trials never began, or their process died." in text


def test_the_address_chooses_what_the_hypervolume_is_over(timed: Run) -> None:
    assert 'id="search-volume-trials-time-work"' in search_page(timed)
    assert 'id="search-volume-work"' in search_page(timed, "?over=work")
    text = search_page(timed, "?over=nothing")
    assert "Left out of this address: over=nothing (no such choice)." in text
    assert 'id="search-volume-trials-time-work"' in text


def test_page_says_that_no_trial_beats_the_reference(
    tmp_path: Path, experiment: Experiment, row: MakeRow
) -> None:
    run = Run.create(tmp_path / "poor", experiment)
    Ledger(run).write_trial(row("t0000", 5, 0, 8, 29.0, 900.0))
    text = search_page(run)
    assert "No complete trial is better than the reference point (30 dB and 20 fps)" in text
    assert "search-volume" not in text
    assert "None did." in text


def test_page_of_an_empty_run_says_so(tmp_path: Path, experiment: Experiment) -> None:
    run = Run.create(tmp_path / "empty", experiment)
    told = "Nothing to draw yet: none of 14 trials is over."
    assert search_page(run) == f'<p class="notice">{told}</p>'
