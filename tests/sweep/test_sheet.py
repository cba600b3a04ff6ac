from __future__ import annotations

import pytest
import torch
from PIL import Image

from paretint.faces import Pairs
from paretint.store import Run
from paretint.sweep.sheet import draw_pairs, keep_sheet

KEY = "ab" * 32


def pairs(count: int, size: int) -> Pairs:
    """Pairs of grey photos: the before is as light as its place tells, the after lighter."""
    levels = torch.arange(count, dtype=torch.uint8)[:, None, None, None]
    before = (10 * levels).expand(count, 3, size, size)
    return Pairs(tuple(f"face-{i}" for i in range(count)), before, before + 100, None)


def test_every_face_stands_above_its_after() -> None:
    picture = draw_pairs(pairs(3, 32))
    assert picture.size == (96, 64)
    assert [picture.getpixel((32 * i + 16, y)) for y in (16, 48) for i in range(3)] == [
        (level,) * 3 for level in (0, 10, 20, 100, 110, 120)
    ]


def test_large_photos_are_made_small() -> None:
    assert draw_pairs(pairs(2, 512)).size == (2 * 128, 2 * 128)


def test_the_first_faces_are_kept_once_and_nothing_else(run: Run) -> None:
    keep_sheet(run, "t0000", KEY, pairs(20, 32))
    (sheet,) = (run.folder / "amplified").iterdir()
    assert sheet == run.contact_sheet(KEY)
    with Image.open(sheet) as picture:
        assert (picture.format, picture.size) == ("JPEG", (8 * 32, 64))
        assert picture.getpixel((7 * 32 + 16, 48)) == pytest.approx((170,) * 3, abs=2)
    made = sheet.stat().st_mtime_ns
    keep_sheet(run, "t0001", KEY, pairs(20, 64))
    assert sheet.stat().st_mtime_ns == made


def test_the_same_pairs_give_the_same_bytes(run: Run) -> None:
    keep_sheet(run, "t0000", KEY, pairs(20, 32))
    keep_sheet(run, "t0001", KEY[::-1], pairs(20, 32))
    first, second = (run.contact_sheet(key).read_bytes() for key in (KEY, KEY[::-1]))
    assert first == second
