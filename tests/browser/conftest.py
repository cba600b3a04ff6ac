"""A real Chromium for the tests in this folder, and what it must never do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from paretint.dashboard import create_app, listen, load_pages, server_for
from paretint.dashboard.pictures import QUIET, find_chromium, sandbox
from paretint.errors import UserError
from paretint.store import Run

# Machines that test are often busy with something else.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Watched:
    """An open page, with what went wrong on it and where it tried to go."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def strayed(self) -> list[str]:
        """Requests that left the machine."""
        return [url for url in self.requests if not _stays(url)]


def _stays(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("file", "data", "blob") or parts.hostname == "127.0.0.1"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        program = find_chromium()
    except UserError as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=[*QUIET, *sandbox()])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens a page at an address, ``width`` pixels wide and in a colour scheme."""
    contexts = []

    def open_page(url: str, width: int = 1280, scheme: str = "light") -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("console", lambda m: _complain(watched, m.type, m.text))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.goto(url)
        return watched

    yield open_page
    for context in contexts:
        context.close()


def _complain(watched: Watched, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        watched.complaints.append(f"{kind}: {text}")


@pytest.fixture
def served(run: Run) -> Iterator[str]:
    """The address of a dashboard of the made-up run."""
    with serving(run) as address:
        yield address


@pytest.fixture
def serve_run() -> Iterator[Callable[..., str]]:
    """Serves runs until the test ends and gives the address."""
    with ExitStack() as stack:
        yield lambda *runs: stack.enter_context(serving(*runs))


@contextmanager
def serving(*runs: Run) -> Iterator[str]:
    with listen("127.0.0.1", 18060) as listener:
        server = server_for(create_app(runs, load_pages()), listener)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
