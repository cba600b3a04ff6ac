from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import dcc
from dash.development.base_component import Component

from paretint.config import Experiment
from paretint.dashboard import load_pages, read_view, to_html
from paretint.store import Ledger, Run


def blocks(run: Run, query: str = "") -> list[Component]:
    (page,) = [page for page in load_pages() if page.name == "front"]
    return page.blocks(read_view(run), query)


def front_page(run: Run, query: str = "") -> str:
    return to_html(blocks(run, query))


def links(run: Run, query: str = "") -> dict[str, str]:
    """The links of the page as it is served: where each text leads."""
    return {str(link.children): str(link.href) for link in _links(blocks(run, query))}


def _links(node: Any) -> Iterator[Any]:
    if isinstance(node, dcc.Link):
        yield node
    children = node if isinstance(node, list) else getattr(node, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if child is not None:
            yield from _links(child)


def served(run: Run, query: str = "") -> str:
    """The text of the parts that only a server shows."""
    return " ".join(
        to_html(block.children) for block in blocks(run, query) if _class(block) == "live"
    )


def _class(block: Component) -> str:
    return getattr(block, "className", "")


def test_page_shows_the_best_the_front_and_its_volume(run: Run) -> None:
    text = front_page(run)
    assert re.search(r"Best PSNR</dt><dd class=\"number\">37\.60 dB</dd><dd>t0011: pairs 10", text)
    assert re.search(r'Best Speed</dt><dd class="number">884 fps</dd><dd>t0003: pairs 5', text)
    assert "12 complete, 1 stopped, 1 infeasible of 14 trials" in text
    assert re.search(
        r'Hypervolume</dt><dd class="number">5,468</dd><dd>over 30 dB and 20 fps', text
    )
    assert re.findall(r'<th scope="row">(t\d+)</th>', text) == ["t0011", "t0007", "t0003"]


def test_a_small_volume_is_told_from_none(run: Run, experiment: Experiment) -> None:
    quality, speed = experiment.objectives
    strict = quality.model_copy(update={"reference": 37.5}), speed
    told = experiment.model_copy(update={"objectives": strict})
    assert 'Hypervolume</dt><dd class="number">18.10</dd>' in front_page(Run(run.folder, told))


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


def test_the_page_says_of_which_columns_the_front_is(run: Run) -> None:
    assert "is the hypervolume" in front_page(run)
    text = front_page(run, "?x=size.params")
    assert "The front is over PSNR, Speed, the experiment&#x27;s objectives, not the axes." in text
    assert "is the hypervolume" not in text
    assert "beyond a bound count for the front all the same" in front_page(run, "?speed.fps=390")


def test_trials_without_a_value_on_an_axis_are_counted(run: Run) -> None:
    for name, seconds in (("t0003", 12.5), ("t0007", 9.0)):
        Ledger(run).add_to_trial(name, {"cost.train_s": seconds})
    assert "Without a value on an axis: 10." in front_page(run, "?y=cost.train_s")


def test_trials_beyond_the_bounds_are_counted_and_the_pick_is_a_link_away(run: Run) -> None:
    assert "Beyond these bounds: 0 of 12 trials; left: 12." in served(run)
    query = "?speed.fps=390&quality.psnr=35.5&x=size.params"
    assert "Beyond these bounds: 8 of 12 trials; left: 4." in served(run, query)
    leads = links(run, query)["Pick one of them"]
    assert leads == "/made-up/pick?quality.psnr=35.5&speed.fps=390"
    (pick,) = [page for page in load_pages() if page.name == "pick"]
    told = to_html(pick.blocks(read_view(run), leads.partition("?")[2]))
    assert "of the 4 of 12 complete trials that meet" in told


def test_a_trial_of_the_front_is_a_link_that_keeps_the_view(run: Run) -> None:
    leads = links(run, "?speed.fps=390&x=size.params")
    assert leads["t0007"] == "/made-up/front?speed.fps=390&x=size.params&trial=t0007"
    back = links(run, "?x=size.params&trial=t0007")["Close"]
    assert back == "/made-up/front?x=size.params"
    assert "<h2>t0007</h2>" in front_page(run, "?trial=t0007")


def test_a_file_without_a_server_has_no_part_that_needs_one(run: Run) -> None:
    text = front_page(run)
    for told in ("Beyond these bounds", "move a slider", "Click a trial", "href="):
        assert told not in text
