"""A folder on any file system that fsspec reaches."""

from __future__ import annotations

import os
import posixpath
import shutil
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem
from fsspec.registry import known_implementations

from paretint.errors import UserError
from paretint.store.files import told_full


class Remote:
    """Files under a path or URL, by names relative to it.

    A file appears whole or not at all: on a disk and over SFTP by renaming, in an object store
    because its uploads are whole.
    """

    def __init__(self, url: str | Path) -> None:
        """Raises `UserError` where nothing installed speaks the URL's scheme, or nobody answers."""
        self.url = str(url)
        try:
            self._files, self._root = fsspec.core.url_to_fs(self.url)
        except Exception as error:  # some connect at once, and raise what their libraries do
            package = _package_for(self.url) if isinstance(error, ImportError) else None
            raise UserError(f"{self.url}: cannot be reached: {package or said(error)}") from None
        # The path in a bucket has no leading slash. There are no folders in one: asked to make
        # them, object stores make the bucket itself, be its name misspelt.
        self._in_bucket = not self._root.startswith("/")

    def names(self, folder: str) -> list[str]:
        """The names in a folder, without those of files that are being written; [] of none."""
        self._files.invalidate_cache()
        try:
            paths = self._files.ls(self._at(folder), detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        names = (posixpath.basename(str(path).rstrip("/")) for path in paths)
        return sorted(name for name in names if not name.startswith("."))

    def read(self, name: str) -> bytes | None:
        """A file's content; None where there is none."""
        self._files.invalidate_cache()
        try:
            content: bytes = self._files.cat_file(self._at(name))
        except FileNotFoundError:
            return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file, in the place of another if there is one; several may write at once."""
        target = self._at(name)
        if self._in_bucket:
            self._files.pipe_file(target, content)
            return
        folder, own = posixpath.split(target)
        partial = posixpath.join(folder, f".{own}.{uuid.uuid4().hex[:8]}")
        self._files.makedirs(folder, exist_ok=True)
        if isinstance(self._files, LocalFileSystem):
            _write_through(Path(partial), Path(target), content)
        else:
            self._files.pipe_file(partial, content)
            self._rename(partial, target)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        try:
            self._files.rm_file(self._at(name))
        except FileNotFoundError:
            return

    def fetch(self, name: str, folder: Path) -> Path | None:
        """A file or a folder as a path here: its own on a disk, else a copy in `folder`."""
        self._files.invalidate_cache()
        source = self._at(name)
        if not self._files.exists(source):
            return None
        if isinstance(self._files, LocalFileSystem):
            return Path(source)
        copy = folder / posixpath.basename(name)
        shutil.rmtree(copy, ignore_errors=True)
        self._files.get(source, str(copy), recursive=True)
        return copy

    def upload(self, files: Mapping[str, Path]) -> None:
        """Copy files from here, by their names there; each appears while it is being written."""
        names = [self._at(name) for name in files]
        if not self._in_bucket:
            for folder in {posixpath.dirname(name) for name in names}:
                self._files.makedirs(folder, exist_ok=True)
        self._files.put([str(path) for path in files.values()], names)

    def download(self, files: Mapping[str, Path]) -> bool:
        """Copy files to here, by their names there; whether all of them were there."""
        self._files.invalidate_cache()
        for path in files.values():
            path.parent.mkdir(parents=True, exist_ok=True)
        names = [self._at(name) for name in files]
        try:
            self._files.get(names, [str(path) for path in files.values()])
        except FileNotFoundError:
            return False
        return True

    def _rename(self, partial: str, target: str) -> None:
        try:
            self._files.mv(partial, target)
        except OSError:
            if not self._files.exists(target):
                raise
            self._files.rm_file(target)  # Windows' shares rename to no name that is taken
            self._files.mv(partial, target)

    def _at(self, name: str) -> str:
        return posixpath.join(self._root, name)


def load(url: str) -> None:
    """Import what speaks a URL's scheme, which may take seconds; nothing where nothing does."""
    with suppress(ImportError, ValueError):
        fsspec.get_filesystem_class(url.partition("://")[0])


def said(error: Exception) -> str:
    """The first line of an error of some library, its kind where it says nothing."""
    return str(error).partition("\n")[0] or type(error).__name__


def _package_for(url: str) -> str | None:
    """What to install for a URL's scheme, where that is a package of its own."""
    known: dict[str, str] = known_implementations.get(url.partition("://")[0], {})
    package = known.get("class", "fsspec").partition(".")[0]
    return None if package == "fsspec" else f"pip install {package}"


def _write_through(partial: Path, target: Path, content: bytes) -> None:
    try:
        with told_full(target.parent):
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
