"""The pages of the dashboard: one Python file a page, found in `dashboards/` folders."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import math
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from paretint.config import find, names
from paretint.dashboard.blocks import complete_graph, components, failure, notice
from paretint.dashboard.state import State
from paretint.dashboard.view import RunView
from paretint.errors import UserError

Draw = Callable[..., Sequence[Component]]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """One page: what its file defines.

    Attributes:
        name: the file's name without its ending, and the page's place in addresses.
        title: `TITLE`, what the page is called.
        order: `ORDER`, its place among the pages, the least first; without one it comes last.
        draw: `draw(run)` or `draw(run, state)`, the page's content for a run as Dash components;
            `state` is what the address says of the page's controls.
        of_runs: whether it is `draw_runs`, which is given all runs of the dashboard instead, the
            one that the address names first.
    """

    name: str
    title: str
    order: float
    draw: Draw
    of_runs: bool = False

    def blocks(
        self, run: RunView, query: str = "", others: Sequence[RunView] = ()
    ) -> list[Component]:
        """The page's parts from top to bottom; where its file fails, a line that says so.

        Its figures have all that `graph` gives, whoever made them.
        ``query`` is the part of the address that begins with `?`; ``others`` are the dashboard's
        other runs.
        """
        state = State(query)
        try:
            drawn = self._drawn([run, *others] if self.of_runs else run, state)
        except Exception as error:
            logger.exception("the page %s could not be drawn", self.name)
            return [failure(f"{self.name}.py could not draw this page: {one_line(error)}")]
        complaint = state.complaint()
        return drawn if complaint is None else [notice(complaint), *drawn]

    def _drawn(self, shown: RunView | list[RunView], state: State) -> list[Component]:
        has_state = len(inspect.signature(self.draw).parameters) > 1
        drawn = [*(self.draw(shown, state) if has_state else self.draw(shown))]
        graphs = (part for part in components(drawn) if isinstance(part, dcc.Graph))
        own = self.name.replace(".", "-")  # with a dot in it, Dash finds no place to redraw
        for i, graph in enumerate(graphs):
            complete_graph(graph, f"{own}-figure-{i}")
        return drawn


def load_pages(more: Path | None = None) -> list[Page]:
    """Every page in the `dashboards/` folders of the working directory and the installation.

    And every one in the folder ``more``: of two files of one name, its own counts. A file whose
    name begins with `_` is no page.

    Raises:
        UserError: there is no page, or none in ``more``; or a file cannot be imported, lacks a
            name or has the wrong kind of it.
    """
    files = {name: find("dashboards", name) for name in names("dashboards")}
    files |= _files(more) if more is not None else {}
    pages = [load_page(path) for name, path in files.items() if not name.startswith("_")]
    if not pages:
        raise UserError("there is no page in dashboards/; install paretint again")
    return sorted(pages, key=lambda page: (page.order, page.title))


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise UserError(f"--dashboards {folder}: there is no such folder")
    files = {path.stem: path for path in folder.glob("*.py") if not path.name.startswith("_")}
    if not files:
        raise UserError(f"--dashboards {folder}: has no page; one is a file such as mine.py")
    return files


def load_page(path: Path) -> Page:
    """The page that the file at ``path`` defines.

    Raises:
        UserError: as `load_pages`.
    """
    module = _imported(path)
    title = _defined(module, path, "TITLE", str)
    order = _defined(module, path, "ORDER", (int, float), math.inf)
    of_runs = hasattr(module, "draw_runs")
    draw = _defined(module, path, "draw_runs" if of_runs else "draw", Callable)
    return Page(path.stem, title, order, draw, of_runs)


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"paretint_page_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None, "a .py file always has a loader"
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UserError(f"{_place(path, error)}: cannot be imported: {one_line(error)}") from error
    return module


def _place(path: Path, error: Exception) -> str:
    """The page's file, and its last line that ``error`` went through."""
    whole = str(path.absolute())  # as the import names it
    if isinstance(error, SyntaxError) and error.filename == whole:
        return f"{path}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == whole]
    return f"{path}:{lines[-1]}" if lines else str(path)


def one_line(error: Exception) -> str:
    """An error in one line."""
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return ": ".join([type(error).__name__, *said.splitlines()[:1]])


def _defined(module: ModuleType, path: Path, name: str, kind: Any, without: Any = None) -> Any:
    value = getattr(module, name, without)
    if not isinstance(value, kind):
        raise UserError(
            f"{path}: must define {name}; a page has TITLE = 'text', ORDER = a number unless it"
            " comes last, and draw(run), draw(run, state) or draw_runs(runs, state) that returns a"
            " list of Dash components"
        )
    return value
