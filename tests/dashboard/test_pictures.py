from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from paretint.dashboard import pictures
from paretint.errors import UserError
from paretint.store import Run


def test_without_a_browser_nothing_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no Chromium found; install one with: apt-get"):
        pictures(run, tmp_path / "png")
    assert not (tmp_path / "png").exists()


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that only fails."""
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return program


@pytest.mark.usefixtures("broken")
def test_a_browser_that_takes_no_picture_is_named(run: Run, tmp_path: Path) -> None:
    told = r"chromium: took no picture of front\.html: .* returned non-zero exit status 3"
    with pytest.raises(UserError, match=told):
        pictures(run, tmp_path / "png")


def test_a_folder_that_cannot_be_made(run: Run, broken: Path) -> None:
    with pytest.raises(UserError, match=r"--png .*chromium: cannot be made: File exists$"):
        pictures(run, broken)


def test_a_picture_that_cannot_be_written(run: Run, broken: Path, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "blank.png")
    copy = f'/bin/cp {tmp_path}/blank.png "${{word#--screenshot=}}"'
    text = f"for word; do case $word in --screenshot=*) {copy} ;; esac; done"
    broken.write_text(f"#!/bin/sh\n{text}\n")
    (tmp_path / "png" / "front.png").mkdir(parents=True)
    with pytest.raises(UserError, match=r"png/front\.png: cannot be written: Is a directory$"):
        pictures(run, tmp_path / "png")
