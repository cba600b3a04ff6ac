"""A run's pages as PNG files, taken by a Chromium of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from paretint.dashboard.pages import load_pages
from paretint.dashboard.report import report_html
from paretint.dashboard.view import read_view
from paretint.errors import UserError
from paretint.store import Run

WIDTH = 1280
"""Of a picture, in pixels; it is as high as its page."""

INSTALL = "no Chromium found; install one with: apt-get update && apt-get install -y chromium"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""What keeps a Chromium from the network and from asking its user anything."""

_HEIGHTS = (4000, 16000)
_MARGIN = 64
# Of a window's height, what Chromium keeps for the bars that it does not draw, and more.
_BARS = 200
_PATIENCE_S = 120


def find_chromium() -> str:
    """The path of an installed Chromium.

    Raises:
        UserError: there is none; the line says how to install one.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise UserError(INSTALL)
    return found


def sandbox() -> tuple[str, ...]:
    """What Chromium must be told to start at all: root cannot have its sandbox."""
    return ("--no-sandbox",) if os.geteuid() == 0 else ()


def pictures(run: Run, folder: Path, dashboards: Path | None = None) -> list[Path]:
    """Write every page of ``run`` as it stands to `<page>.png` in ``folder``.

    Raises:
        UserError: there is no Chromium, or it takes no picture; ``folder`` cannot be made or
            written into; or as `report`.
    """
    chromium = find_chromium()
    view, pages = read_view(run), load_pages(dashboards)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"--png {folder}: cannot be made: {error.strerror}") from None
    written = []
    for page in pages:
        with tempfile.TemporaryDirectory(prefix="paretint-") as scratch:
            html = Path(scratch, f"{page.name}.html")
            html.write_text(report_html(view, [page]), encoding="utf-8")
            written.append(folder / f"{page.name}.png")
            _save(_whole(chromium, html), written[-1])
    return written


def _save(image: Image.Image, path: Path) -> None:
    try:
        image.save(path, optimize=True)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None


def _whole(chromium: str, html: Path) -> Image.Image:
    """A picture of a page from its top to its end, however long it is."""
    for height in _HEIGHTS:
        image = _taken(chromium, html, height)
        empty = Image.new("RGB", image.size, image.getpixel((0, 0)))
        box = ImageChops.difference(image, empty).getbbox() or (0, 0, WIDTH, 0)
        if box[3] < height - _BARS:
            break
    return image.crop((0, 0, WIDTH, min(box[3] + _MARGIN, height)))


def _taken(chromium: str, html: Path, height: int) -> Image.Image:
    """A picture of what a window of ``height`` pixels shows of a page once it is drawn."""
    png = html.with_suffix(".png")
    command = [
        chromium, "--headless", *QUIET, *sandbox(), "--hide-scrollbars",
        f"--user-data-dir={html.parent / 'profile'}", f"--window-size={WIDTH},{height}",
        "--virtual-time-budget=10000", f"--screenshot={png}", html.as_uri(),
    ]  # fmt: skip
    try:
        subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=True)
        with Image.open(png) as image:
            return image.convert("RGB")
    except (OSError, subprocess.SubprocessError) as error:
        raise UserError(f"{chromium}: took no picture of {html.name}: {error}") from None
