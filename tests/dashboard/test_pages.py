from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import plotly.graph_objects as go
import pytest

from paretint.dashboard import load_page, load_pages, read_view, to_html
from paretint.errors import UserError
from paretint.store import Run

GOOD = """
from dash import html
TITLE = "Mine"
ORDER = 5
def draw(run):
    return [html.P(f"{run.name} has {run.trials.height} trials")]
"""


def write(tmp_path: Path, text: str, name: str = "mine") -> Path:
    folder = tmp_path / "dashboards"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_in_the_working_directory_is_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    write(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    pages = load_pages()
    assert [page.title for page in pages[:2]] == ["Mine", "Front"]
    assert to_html(pages[0].blocks(read_view(run))) == "<p>made-up has 14 trials</p>"


def test_pages_without_an_order_come_last_by_their_titles(tmp_path: Path) -> None:
    for title in ("Zebra", "Ant"):
        text = GOOD.replace("ORDER = 5\n", "").replace("Mine", title)
        folder = write(tmp_path, text, title.lower()).parent
    assert [page.title for page in load_pages(folder)][-3:] == ["Compare", "Ant", "Zebra"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("TITLE", "NAME"), r"mine\.py: must define TITLE; a page has"),
        (GOOD.replace("ORDER = 5", "ORDER = 'first'"), r"mine\.py: must define ORDER"),
        (GOOD.replace("def draw", "def paint"), r"mine\.py: must define draw"),
        (
            "\nimport nowhere_to_be_found",
            r"mine\.py:2: cannot be imported: ModuleNotFoundError",
        ),
        ("\n\ndef draw(:", r"mine\.py:3: cannot be imported: SyntaxError: invalid syntax$"),
        ("import json\njson.loads('')", r"mine\.py:2: cannot be imported: JSONDecodeError"),
        ("raise OSError('one\\ntwo')", r"mine\.py:1: cannot be imported: OSError: one$"),
    ],
)
def test_a_broken_page_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        load_page(write(tmp_path, text))


@pytest.mark.parametrize("text", ["\nraise OSError", "\n)"])
def test_a_line_is_told_of_a_path_from_here_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    write(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"^dashboards/mine\.py:2: cannot be imported: "):
        load_page(Path("dashboards", "mine.py"))


def test_a_page_that_fails_says_so_in_its_place(tmp_path: Path, run: Run) -> None:
    page = load_page(write(tmp_path, GOOD.replace("run.name", "run.nome")))
    text = to_html(page.blocks(read_view(run)))
    assert "mine.py could not draw this page: AttributeError" in text


def test_pages_of_another_folder_join_the_others_and_go_before_them(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD).parent
    write(tmp_path, GOOD.replace("Mine", "My own front"), "front")
    write(tmp_path, "raise OSError", "_helper")
    titles = [page.title for page in load_pages(folder)]
    assert titles[:2] == ["Mine", "My own front"]
    assert "Front" not in titles
    assert set(titles[2:]) < {page.title for page in load_pages()}


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("nowhere", "--dashboards .*nowhere: there is no such folder"),
        (".", "has no page; one is a file"),
    ],
)
def test_a_folder_without_a_page_is_a_mistake(tmp_path: Path, folder: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        load_pages(tmp_path / folder)


BARE = """
from dash import dcc, html
import plotly.graph_objects as go
TITLE, ORDER = "Mine", 5
LINE = {"type": "scatter", "y": [1, 2]}
def draw(run):
    return [
        dcc.Graph(figure=go.Figure(LINE, {"height": 900})),
        html.P("text"),
        html.Div([dcc.Graph(figure={"data": [LINE]})]),
        dcc.Graph(id="own", className="small", style={}),
    ]
"""


def test_a_figure_made_by_hand_is_completed_wherever_it_stands(tmp_path: Path, run: Run) -> None:
    page = load_page(write(tmp_path, BARE, "mine.2"))
    top, _, nest, own = page.blocks(read_view(run))
    (nested,) = nest.children
    assert [(graph.id, graph.className, graph.style) for graph in (top, nested, own)] == [
        ("mine-2-figure-0", "plot", {"height": "900px"}),
        ("mine-2-figure-1", "plot", {"height": "480px"}),
        ("own", "small", {}),
    ]
    assert all(isinstance(graph.figure, go.Figure) for graph in (top, nested, own))
    assert all(graph.config["displaylogo"] is False for graph in (top, nested, own))


def test_what_is_no_figure_is_told_in_its_place(tmp_path: Path, run: Run) -> None:
    page = load_page(write(tmp_path, BARE.replace("[LINE]", "{'x': 1}")))
    assert "mine.py could not draw this page: ValueError" in to_html(page.blocks(read_view(run)))


OF_RUNS = """
from dash import html
TITLE, ORDER = "All", 5
def draw_runs(runs, state):
    return [html.P(", ".join(run.name for run in runs))]
"""


def test_a_page_may_be_of_all_runs(tmp_path: Path, run: Run) -> None:
    page, view = load_page(write(tmp_path, OF_RUNS)), read_view(run)
    other = replace(view, name="other")
    assert to_html(page.blocks(view)) == "<p>made-up</p>"
    assert to_html(page.blocks(other, others=[view])) == "<p>other, made-up</p>"


SETTABLE = """
from paretint.dashboard import Select, controls, notice
TITLE, ORDER = "Mine", 5
SHADE = Select("shade", "Shade", {"rose": "Rose", "plum": "Plum"}, "rose")
def draw(run, state):
    return [notice(f"{run.name} in {state.read(SHADE)}"), controls(state, [SHADE])]
"""


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", ["made-up in rose"]),
        ("?shade=plum", ["made-up in plum"]),
        (
            "?shade=<b>&x=1",
            [
                "Left out of this address: shade=&lt;b&gt; (no such choice), x (not of this page).",
                "made-up in rose",
            ],
        ),
    ],
)
def test_a_page_may_read_its_address(tmp_path: Path, run: Run, query: str, told: list[str]) -> None:
    page = load_page(write(tmp_path, SETTABLE))
    text = to_html(page.blocks(read_view(run), query))
    assert text == "".join(f'<p class="notice">{line}</p>' for line in told)
