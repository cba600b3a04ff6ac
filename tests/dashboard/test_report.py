from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from paretint.dashboard import report
from paretint.errors import UserError
from paretint.store import Run


def without_scripts(text: str) -> str:
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def test_report_is_one_file_with_everything_in_it(run: Run) -> None:
    path = report(run)
    assert path == run.folder / "report.html"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "<title>made-up · Paretint</title>" in text
    shell = without_scripts(text)
    assert not re.search(r"(src|href)=", shell)
    assert not re.search(r"url\(|@import", shell)
    assert "default-src 'none'" in shell


def test_the_same_ledger_gives_the_same_bytes(run: Run) -> None:
    first = report(run).read_bytes()
    assert report(run).read_bytes() == first


def test_a_report_that_cannot_be_written_is_a_mistake(run: Run) -> None:
    (run.folder / "report.html").mkdir()
    with pytest.raises(UserError, match=r"up/report\.html: cannot be written: Is a directory$"):
        report(run)
    assert not list(run.folder.glob("*.partial"))


def test_markup_in_a_runs_name_is_text(run: Run, tmp_path: Path) -> None:
    name = "<script>alert(1)<:script>"
    copy = shutil.copytree(run.folder, tmp_path / name)
    shell = without_scripts(report(Run.open(copy)).read_text(encoding="utf-8"))
    assert "<h1>&lt;script&gt;alert(1)&lt;:script&gt;</h1>" in shell


def page(folder: Path, name: str, returned: str) -> None:
    text = f'from dash import dcc, html\nTITLE, ORDER = "{name}", 0\ndef draw(run):\n    return '
    (folder / f"{name}.py").write_text(f"{text}{returned}\n", encoding="utf-8")


def test_figures_of_a_page_made_by_hand_are_drawn(run: Run, tmp_path: Path) -> None:
    page(tmp_path, "mine", "[dcc.Graph(figure={}), html.Div(dcc.Graph(figure={}))]")
    shell = without_scripts(report(run, tmp_path).read_text(encoding="utf-8"))
    place = '<div id="mine-figure-{}" class="plot" style="height: 480px"></div>'
    assert f"<h2>mine</h2>{place.format(0)}<div>{place.format(1)}</div><h2>Front</h2>" in shell


def test_a_page_that_needs_a_server_does_not_take_the_others_with_it(
    run: Run, tmp_path: Path
) -> None:
    page(tmp_path, "mine", '[dcc.Markdown("hi")]')
    shell = without_scripts(report(run, tmp_path).read_text(encoding="utf-8"))
    told = (
        "mine.py could not be written: TypeError: Markdown needs a server; a report cannot hold it"
    )
    assert f'<h2>mine</h2><p class="failure">{told}</p><h2>Front</h2>' in shell
