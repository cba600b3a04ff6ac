from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PIL import Image

from paretint.dashboard import contact_sheet, read_view
from paretint.store import Run

KEY = "ab" * 32


@pytest.fixture
def sheet(run: Run) -> Path:
    """A contact sheet in the run's folder."""
    path = run.contact_sheet(KEY)
    path.parent.mkdir()
    Image.new("RGB", (16, 4), "red").save(path, "JPEG")
    return path


def test_a_sheet_of_the_run_is_a_picture_in_the_page(run: Run, sheet: Path) -> None:
    url = contact_sheet(read_view(run), KEY)
    assert url is not None
    head, _, content = url.partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(content) == sheet.read_bytes()


def test_a_set_without_a_sheet_has_none(run: Run, sheet: Path) -> None:
    assert contact_sheet(read_view(run), "cd" * 32) is None
    sheet.unlink()
    assert contact_sheet(read_view(run), KEY) is None


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "", "AB" * 32, f"{KEY}/../{KEY}"])
def test_no_name_of_a_set_leads_out_of_the_run(run: Run, sheet: Path, key: str) -> None:
    secret = run.folder / "secret.jpg"
    secret.write_bytes(sheet.read_bytes())
    assert contact_sheet(read_view(run), key) is None


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_no_link_leads_out_of_the_run(run: Run, sheet: Path, tmp_path: Path, linked: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    sheet.rename(outside / sheet.name)
    if linked == "file":
        sheet.symlink_to(outside / sheet.name)
    else:
        sheet.parent.rmdir()
        sheet.parent.symlink_to(outside)
    assert sheet.is_file()
    assert contact_sheet(read_view(run), KEY) is None


@pytest.mark.parametrize("content", [b"<svg onload=x()>", b"\xff\xd8\xff" + bytes(2**20)])
def test_what_is_no_small_picture_is_not_shown(run: Run, sheet: Path, content: bytes) -> None:
    sheet.write_bytes(content)
    assert contact_sheet(read_view(run), KEY) is None
