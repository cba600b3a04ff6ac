from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Ledger, Run


def front_page(run: Run) -> str:
    (page,) = [page for page in load_pages() if page.name == "front"]
    return to_html(page.blocks(read_view(run)))


def test_page_shows_the_best_the_front_and_its_volume(run: Run) -> None:
    text = front_page(run)
    assert re.search(r"Best PSNR</dt><dd class=\"number\">37\.60 dB</dd><dd>t0011: pairs 10", text)
    assert re.search(r'Best Speed</dt><dd class="number">884 fps</dd><dd>t0003: pairs 5', text)
    assert "12 complete, 1 stopped, 1 infeasible of 14 trials" in text
    assert re.search(
        r'Hypervolume</dt><dd class="number">5,468</dd><dd>over 30 dB and 20 fps', text
    )
    assert re.findall(r'<th scope="row">(t\d+)</th>', text) == ["t0011", "t0007", "t0003"]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([], "Nothing to draw yet: no trial is complete (none of 14 trials)."),
        (
            ["failed", "failed"],
            "Nothing to draw yet: no trial is complete (2 failed of 14 trials).",
        ),
    ],
)
def test_page_of_an_empty_run_says_so(
    tmp_path: Path, experiment: Experiment, states: list[str], told: str
) -> None:
    run = Run.create(tmp_path / "empty", experiment)
    for number, state in enumerate(states):
        Ledger(run).write_trial({"trial": f"t{number:04}", "state": state})
    assert front_page(run) == f'<p class="notice">{told}</p>'


def test_unlike_provenances_are_said(run: Run, row: Callable[..., dict[str, Any]]) -> None:
    assert "unlike provenance" not in front_page(run)
    guessed = row("t0014", 5, 0, 8, 31.0, 900.0) | {"speed.provenance": "predicted:table"}
    Ledger(run).write_trial(guessed)
    assert "measured:ort-cpu (12), predicted:table (1)" in front_page(run)
