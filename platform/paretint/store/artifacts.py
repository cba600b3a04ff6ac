"""Folders that are built once, whole, and shared by trials, runs and processes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from filelock import FileLock

from paretint.errors import UserError
from paretint.store.files import told_full
from paretint.store.keys import digest
from paretint.store.shared import Shared

_HOME = "~/.cache/paretint"


@dataclass(frozen=True)
class Store:
    """Finished artifacts under `root`, each a folder `<kind>/<key>`, or a file of that name.

    With `shared`, `root` is this machine's cache in front of storage that several machines reach:
    what is not here is looked for there before it is made, and what is made here is put there.
    """

    root: Path
    shared: Shared | None = None

    @classmethod
    def at(cls, url: str | None) -> Store:
        """The store at a path or a URL that fsspec speaks, such as s3://bucket/folder.

        None is $PARETINT_STORE or ~/.cache/paretint. A URL, other than `file://`, has its cache
        below $PARETINT_CACHE or ~/.cache/paretint. Raises `UserError` where one of them cannot be
        reached or written, within about ten seconds.
        """
        url = url or os.environ.get("PARETINT_STORE") or _HOME
        store = cls._of(url)
        told = f"--store {url}:" + ("" if store.shared is None else f" its cache {store.root}")
        try:
            store.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{told} cannot be made: {error.strerror}") from None
        if not os.access(store.root, os.W_OK | os.X_OK):
            raise UserError(f"{told} cannot be written")
        if store.shared is not None:
            try:
                store.shared.check()
            except UserError as error:
                raise UserError(f"--store {error}") from None
        return store

    @classmethod
    def _of(cls, url: str) -> Store:
        path = _path(url)
        if path is not None:
            return cls(path)
        caches = _absolute(os.environ.get("PARETINT_CACHE") or _HOME) / "shared"
        name = f"{url.partition('://')[0]}-{digest(url.rstrip('/').encode())[:16]}"
        return cls(caches / name, Shared(url))

    def __reduce__(self) -> tuple[Any, ...]:
        """On another machine a cache lies where that machine has its own."""
        if self.shared is None:
            return Store, (self.root,)
        return Store._of, (self.shared.url,)

    def __str__(self) -> str:
        """Where the artifacts lie, as a user names it."""
        return str(self.root) if self.shared is None else self.shared.url

    def folder(self, kind: str, key: str) -> Path:
        """Where an artifact lies on this machine, or will."""
        return self.root / kind / key

    def has(self, kind: str, key: str) -> bool:
        """Whether an artifact is finished, here or on another machine."""
        if self.folder(kind, key).exists():
            return True
        return self.shared is not None and self.shared.has(f"{kind}/{key}")

    def find(self, kind: str, key: str) -> Path | None:
        """An artifact's path on this machine, where it is brought first if another one made it.

        None where it is not finished anywhere.
        """
        path = self.folder(kind, key)
        if path.exists():
            return path
        if self.shared is None:
            return None
        with self.lock(kind, key):
            return path if self._bring(kind, key) else None

    def here(self, path: Path) -> Path:
        """An artifact's path on this machine, by its path on the machine where it was found."""
        return self.find(path.parent.name, path.name) or path

    @contextmanager
    def lock(self, kind: str, key: str) -> Iterator[None]:
        """Hold an artifact's lock among all processes that see `root`; waits for it.

        Machines with caches of their own do not wait for each other, see `Shared`.
        """
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
        if folder.exists() and self._is_shared(kind, key):
            return folder
        with self.lock(kind, key):
            if not self._bring(kind, key):
                _remove_partial(folder)
                _make_whole(folder, make)
            self.share(kind, key)
        return folder

    def share(self, kind: str, key: str) -> None:
        """Let other machines have an artifact that is finished here, where they share the store."""
        if self.shared is not None and not self._is_shared(kind, key):
            self.shared.put(f"{kind}/{key}", self.folder(kind, key))
            self._stamp(kind, key).touch()

    def _bring(self, kind: str, key: str) -> bool:
        """Whether an artifact is here, be it only now; its lock is held."""
        path = self.folder(kind, key)
        if path.exists() or self.shared is None:
            return path.exists()
        stamp = self._stamp(kind, key)
        stamp.unlink(missing_ok=True)  # of a cache that somebody emptied
        _remove_partial(path)
        partial = path.with_name(f"{_prefix(path)}brought")
        try:
            if not self.shared.fetch(f"{kind}/{key}", partial):
                return False
            _write_through(partial)
            partial.rename(path)
        finally:
            _remove_partial(path)
        stamp.touch()
        return True

    def _is_shared(self, kind: str, key: str) -> bool:
        """Whether nothing of an artifact that is here is left to be put onto shared storage.

        It may be: the storage may fail when what was made is safe on this machine's disk already.
        """
        return self.shared is None or self._stamp(kind, key).exists()

    def _stamp(self, kind: str, key: str) -> Path:
        return self.root / kind / f".{key}.shared"


def _path(url: str) -> Path | None:
    """The folder that a path or a `file://` URL names; None of another URL."""
    if "://" not in url:
        return _absolute(url)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UserError(f"--store {url}: is no URL: {error}") from None
    if parts.scheme != "file":
        return None
    if parts.netloc not in ("", "localhost"):
        raise UserError(f"--store {url}: give a path or a file:// URL of this machine")
    return _absolute(unquote(parts.path))


def _absolute(path: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:
        raise UserError(f"{path}: there is no such user's home") from None


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
        if partial.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
        else:
            partial.unlink(missing_ok=True)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.partial-"


def _write_through(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
