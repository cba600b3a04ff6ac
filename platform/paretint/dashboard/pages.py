"""The pages of the dashboard: one Python file a page, found in `dashboards/` folders."""

from __future__ import annotations

import importlib.util
import inspect
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from dash.development.base_component import Component

from paretint.config import find, names
from paretint.dashboard.blocks import failure, notice
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
        order: `ORDER`, its place among the pages, the least first.
        draw: `draw(run)` or `draw(run, state)`, the page's content for a run as Dash components;
            `state` is what the address says of the page's controls.
    """

    name: str
    title: str
    order: float
    draw: Draw

    def blocks(self, run: RunView, query: str = "") -> list[Component]:
        """The page's parts from top to bottom; where its file fails, a line that says so.

        ``query`` is the part of the address that begins with `?`.
        """
        state = State(query)
        try:
            drawn = [*self.draw(run, state)] if self._has_state() else [*self.draw(run)]
        except Exception as error:
            logger.exception("the page %s could not be drawn", self.name)
            told = f"{self.name}.py could not draw this page: {type(error).__name__}: {error}"
            return [failure(told)]
        complaint = state.complaint()
        return drawn if complaint is None else [notice(complaint), *drawn]

    def _has_state(self) -> bool:
        return len(inspect.signature(self.draw).parameters) > 1


def load_pages() -> list[Page]:
    """Every page in the `dashboards/` folders of the working directory and the installation.

    Raises:
        UserError: there is no page, or a file cannot be imported, lacks a name or has the wrong
            kind of it.
    """
    pages = [load_page(find("dashboards", name)) for name in names("dashboards")]
    if not pages:
        raise UserError("there is no page in dashboards/; install paretint again")
    return sorted(pages, key=lambda page: (page.order, page.title))


def load_page(path: Path) -> Page:
    """The page that the file at ``path`` defines.

    Raises:
        UserError: as `load_pages`.
    """
    module = _imported(path)
    title = _defined(module, path, "TITLE", str)
    order = _defined(module, path, "ORDER", (int, float))
    draw = _defined(module, path, "draw", Callable)
    return Page(path.stem, title, order, draw)


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"paretint_page_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None, "a .py file always has a loader"
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UserError(f"{path}: cannot be imported: {type(error).__name__}: {error}") from error
    return module


def _defined(module: ModuleType, path: Path, name: str, kind: Any) -> Any:
    value = getattr(module, name, None)
    if not isinstance(value, kind):
        raise UserError(
            f"{path}: must define {name}; a page has TITLE = 'text', ORDER = a number and"
            " draw(run) or draw(run, state) that returns a list of Dash components"
        )
    return value
