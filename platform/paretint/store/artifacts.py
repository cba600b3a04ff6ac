"""Folders that are built once, whole, and shared by trials, runs and processes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from filelock import FileLock

from paretint.errors import UserError
from paretint.store.files import told_full


@dataclass(frozen=True)
class Store:
    """Artifacts under `root`, each a folder `<kind>/<key>`."""

    root: Path

    @classmethod
    def at(cls, url: str | None) -> Store:
        """The store at a path or a `file://` URL; None is $PARETINT_STORE or ~/.cache/paretint.

        Raises `UserError` for another scheme, or where the folder cannot be written.
        """
        url = url or os.environ.get("PARETINT_STORE") or "~/.cache/paretint"
        root = _path(url).expanduser().absolute()
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"--store {url}: cannot be made: {error.strerror}") from None
        if not os.access(root, os.W_OK | os.X_OK):
            raise UserError(f"--store {url}: cannot be written")
        return cls(root)

    def folder(self, kind: str, key: str) -> Path:
        """Where an artifact lies, or will."""
        return self.root / kind / key

    def has(self, kind: str, key: str) -> bool:
        """Whether an artifact is finished."""
        return self.folder(kind, key).is_dir()

    @contextmanager
    def lock(self, kind: str, key: str) -> Iterator[None]:
        """Hold an artifact's lock among all processes of the store; waits for it."""
        folder = self.folder(kind, key)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{key}.lock"):
            yield

    def build(self, kind: str, key: str, make: Callable[[Path], None]) -> Path:
        """The folder of an artifact; where it is absent, `make` fills an empty one first.

        Processes that want the same artifact wait for one build. The folder appears under its
        name with all its files written through to the disk, or not at all: what a failed or
        killed build leaves is removed by itself or by the next one. Raises UserError where the
        disk is full.
        """
        folder = self.folder(kind, key)
        if self.has(kind, key):
            return folder
        with self.lock(kind, key):
            if not self.has(kind, key):
                _remove_partial(folder)
                _make_whole(folder, make)
        return folder


def _path(url: str) -> Path:
    parts = urlsplit(url)
    if "://" not in url:
        return Path(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Path(unquote(parts.path))
    raise UserError(f"--store {url}: give a path or a file:// URL, no other scheme is supported")


def _make_whole(folder: Path, make: Callable[[Path], None]) -> None:
    partial = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    try:
        with told_full(folder.parent):
            make(partial)
            partial.chmod(folder.parent.stat().st_mode)  # a temporary folder is its owner's alone
            _write_through(partial)
            partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _remove_partial(folder: Path) -> None:
    """Whoever holds the lock knows that the makers of other partial folders are dead."""
    for partial in folder.parent.glob(f"{_prefix(folder)}*"):
        shutil.rmtree(partial, ignore_errors=True)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.partial-"


def _write_through(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
