from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from paretint.dashboard import load_pages, pictures
from paretint.store import Run

TALL = """
from dash import html
TITLE, ORDER = "Tall", 5
def draw(run):
    return [html.Div(style={"height": "5000px", "background": "#123456"})]
"""


@pytest.mark.usefixtures("browser")
def test_every_page_is_a_picture_from_its_top_to_its_end(run: Run, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "tall.py").write_text(TALL)
    paths = pictures(run, tmp_path / "png", tmp_path / "more")
    assert paths == [tmp_path / "png" / f"{name}.png" for name in names(tmp_path / "more")]
    for path in paths:
        with Image.open(path) as image:
            assert image.width == 1280
            assert image.height < 3000 or path.stem == "tall"
            drawn = np.asarray(image)
        # Some way above the end there is still something, and below it the page alone.
        assert np.ptp(drawn[-140:], axis=(0, 1)).any()
        assert not np.ptp(drawn[-60:], axis=(0, 1)).any()
    with Image.open(tmp_path / "png" / "tall.png") as tall:
        middle = np.asarray(tall)[200:5100, 640]
    assert (middle == (0x12, 0x34, 0x56)).all()


def names(more: Path) -> list[str]:
    return [page.name for page in load_pages(more)]
