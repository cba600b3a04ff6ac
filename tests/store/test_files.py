"""Files that appear whole or not at all, on a disk that may be full."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from paretint import UserError
from paretint.store import Store
from paretint.store.files import replace

FULL = Path("/dev/full")

WRITERS: list[Callable[[Path], object]] = [
    lambda path: path.write_text("text"),
    lambda path: pl.DataFrame({"a": [1]}).write_parquet(path),
    lambda path: pq.write_table(pa.table({"a": [1]}), path),
]


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("write", WRITERS, ids=["text", "polars", "pyarrow"])
def test_a_full_disk_is_one_line_and_leaves_the_old_file(
    write: Callable[[Path], object], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / ".file.partial").symlink_to(FULL)
    with pytest.raises(UserError, match="the disk is full; what is finished stays") as raised:
        replace(tmp_path / "file", write)
    assert "\n" not in str(raised.value)
    assert str(tmp_path) in str(raised.value)
    assert (tmp_path / "file").read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
def test_a_disk_that_fills_up_while_an_artifact_is_built_leaves_none(tmp_path: Path) -> None:
    def make(folder: Path) -> None:
        (folder / "weights").symlink_to(FULL)
        (folder / "weights").write_text("much")

    store = Store(tmp_path)
    with pytest.raises(UserError, match="the disk is full"):
        store.build("amplifier", "abc", make)
    assert not store.has("amplifier", "abc")


def test_another_fault_is_what_it_was(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace(tmp_path / "none" / "file", lambda path: path.write_text("text"))
