from __future__ import annotations

import re
from pathlib import Path

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Run


def pick_page(run: Run, query: str = "") -> str:
    (page,) = [page for page in load_pages() if page.name == "pick"]
    return to_html(page.blocks(read_view(run), query))


def test_page_shows_the_winner_beside_the_runners_up(run: Run) -> None:
    text = pick_page(run, "?speed.fps=300")
    assert "<h2>The pick: t0007</h2>" in text
    assert re.findall(r">(t\d+)\n(winner|runner-up)</th>", text) == [
        ("t0007", "winner"),
        ("t0008", "runner-up"),
        ("t0003", "runner-up"),
        ("t0006", "runner-up"),
    ]
    assert "of the 9 of 12 complete trials that meet speed.fps &gt;= 300." in text
    assert "--where &#x27;speed.fps &gt;= 300&#x27; --best quality.psnr</pre>" in text


def test_page_says_what_to_relax(run: Run) -> None:
    text = pick_page(run, "?speed.fps=300&quality.psnr=37.5")
    assert "<h2>No pick</h2>" in text
    assert "relax to" in text
    assert "<pre" not in text


def test_page_of_an_empty_run_says_so(tmp_path: Path, experiment: Experiment) -> None:
    run = Run.create(tmp_path / "empty", experiment)
    told = "Nothing to pick yet: no trial is complete, of 0."
    assert pick_page(run) == f'<p class="notice">{told}</p>'
