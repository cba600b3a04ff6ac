"""Writing a file so that a crash leaves the old one or the new one."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from paretint.errors import DiskFullError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary sibling, then put it in `path`'s place, on the disk.

    One writer at a time: the sibling has one name, so that what a killed writer left is reused.
    Raises DiskFullError where there is no space.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with told_full(path.parent):
            write(partial)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_table(path: Path) -> pl.DataFrame:
    """A Parquet file, read in one opening.

    Polars opens a path twice, for what the file holds and for that itself: that of a run at work
    may be another one by then.
    """
    return pl.read_parquet(path.read_bytes())


@contextmanager
def told_full(folder: Path) -> Iterator[None]:
    """Tell a disk that fills up while something is written as a user's one line."""
    try:
        yield
    except Exception as error:
        # Libraries in Rust raise errors of their own, which have no number.
        if getattr(error, "errno", None) in _FULL or os.strerror(errno.ENOSPC) in str(error):
            raise DiskFullError(str(folder)) from None
        raise
