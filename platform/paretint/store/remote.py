"""A folder on any file system that fsspec reaches."""

from __future__ import annotations

import os
import posixpath
import shutil
import uuid
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from paretint.errors import UserError
from paretint.store.files import told_full


class Remote:
    """Files under a path or URL, by names relative to it.

    A file appears whole or not at all: on a disk and over SFTP by renaming, in an object store
    because its uploads are whole.
    """

    def __init__(self, url: str | Path) -> None:
        """Raises `UserError` where nothing installed speaks the URL's scheme."""
        self.url = str(url)
        try:
            self._files, self._root = fsspec.core.url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            raise UserError(f"{self.url}: cannot be reached: {error}") from None

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
