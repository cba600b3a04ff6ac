from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Ledger, Run

MakeRow = Callable[..., dict[str, Any]]
KEY = "ab" * 32


@pytest.fixture
def amplified(run: Run, row: MakeRow) -> Run:
    """The made-up run with a trial that tells what it amplified."""
    told = {"amplified_key": KEY, "amplifier_key": "a", "amplify.rejected": 0.2}
    paid = {"cost.amplify_s": 120.0}
    Ledger(run).write_trial(row("t0007", 5, 1000, 16, 36.9, 407.0, **told, **paid))
    return run


def page_of(run: Run) -> str:
    (page,) = [page for page in load_pages() if page.name == "amplification"]
    return to_html(page.blocks(read_view(run)))


def log(run: Run, part: int | None, seconds: float, **more: Any) -> None:
    drawn = {"images": 0, "rejected": 0} if part is None else {"images": 500, "rejected": 125}
    told = {"worker": "here:<1>", "began": 50.0, "ended": 50 + seconds, "gpus": 0.0, "part": part}
    keys = {"amplifier_key": "a", "amplified_key": None if part is None else KEY}
    run.log("amplify", **(told | drawn | keys | more))


def test_what_actors_drew_is_shown_with_its_cost(amplified: Run) -> None:
    for part, seconds in ((None, 40.0), (0, 90.0), (1, 110.0)):
        log(amplified, part, seconds)
    text = page_of(amplified)
    tiles = re.findall(r'<dt>(.*?)</dt><dd class="number">(.*?)</dd><dd>(.*?)</dd>', text)
    assert tiles == [
        ("Images", "1,000", "in 1 set; 1,000 drawn here"),
        ("Images a second", "5.00", "an actor; 1 drew"),
        ("Rejected draws", "20%", "95 %: 18% to 22%"),
        ("Waited for images", "2.0 min", "summed over trials"),
    ]
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', text))
    assert re.findall("<td>(.*?)</td>", rows["here:&lt;1&gt;"]) == [
        "5.00", "–", "1,000", "2", "3.3 min", "–",
    ]  # fmt: skip
    assert re.findall("<td>(.*?)</td>", rows["pairs 5"]) == [
        "1,000", "1,000", "20%", "40 s", "2.0 min", "–",
    ]  # fmt: skip


def test_an_older_run_says_what_it_does_not_tell(amplified: Run) -> None:
    text = page_of(amplified)
    assert "How fast each actor was is not known: this run&#x27;s log tells of no images" in text
    assert "This run keeps no contact sheets" in text
    assert '<th scope="row">pairs 5</th><td>1,000</td><td>–</td><td>20%</td>' in text


def test_contact_sheets_are_in_the_page(amplified: Run) -> None:
    sheet = amplified.contact_sheet(KEY)
    sheet.parent.mkdir()
    Image.new("RGB", (16, 4), "red").save(sheet, "JPEG")
    text = page_of(amplified)
    assert len(re.findall('<img [^>]*src="data:image/jpeg;base64,', text)) == 1
    assert "Faces before (above) and after (below) amplification, pairs 5" in text
    assert "keeps no contact sheets" not in text


def test_a_run_that_amplified_nothing_says_so(tmp_path: Path, experiment: Experiment) -> None:
    run = Run.create(tmp_path / "run", experiment)
    told = (
        "Nothing was amplified: no recipe so far has amplified images (0 of 14 trials have ended)."
    )
    assert page_of(run) == f'<p class="notice">{told}</p>'
