"""Finished artifacts on storage that several machines reach, such as a bucket."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from paretint.errors import UserError
from paretint.store.files import told_full
from paretint.store.remote import Remote, load, said

_ANSWER_S = 8
"""Storage that takes no file for so long is not there."""

_PROBE = "paretint.txt"


@dataclass(frozen=True)
class Shared:
    """Artifacts below a URL of any scheme that fsspec speaks, each a file or a folder.

    An artifact `<kind>/<key>` is there once its marker `<kind>/<key>.json` is, which is written
    last and says in which folder its files lie, and how large each is. Every upload has a folder
    of its own. So machines that make the same artifact at once are harmless: the last marker wins,
    no files are mixed, and since a key is the hash of all that determines an artifact, it is the
    same one. Every method raises UserError where the storage does not serve.
    """

    url: str

    def check(self) -> None:
        """Write a file and read it back. Raises UserError after some seconds without an answer."""
        load(self.url)  # before the clock runs: a busy machine is not a silent one
        content = b"Artifacts of Paretint.\n"
        failed: list[Exception] = []

        def ask() -> None:
            try:
                remote = self._remote  # some connect already when they are made
                remote.write(_PROBE, content)
                if remote.read(_PROBE) != content:
                    raise OSError(f"{_PROBE} does not hold what was written into it")
            except Exception as error:
                failed.append(error)

        # Libraries would go on trying for minutes, some of them deaf to Ctrl-C.
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(_ANSWER_S)
        if thread.is_alive():
            raise UserError(f"{self.url}: does not answer within {_ANSWER_S} s")
        with self._told("written"):
            for error in failed:
                raise error

    def has(self, name: str) -> bool:
        """Whether an artifact is there, whole."""
        return self._marker(name) is not None

    def put(self, name: str, path: Path) -> None:
        """Put a finished file or folder there, in the place of one that is there already."""
        files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        sizes = {file.relative_to(path).as_posix(): file.stat().st_size for file in files}
        upload = f"{name}/{uuid.uuid4().hex[:8]}"
        with self._told("written"):
            self._remote.upload({_join(upload, file): path / file for file in sizes})
            marker = json.dumps({"upload": upload, "sizes": sizes})
            self._remote.write(_marker_of(name), marker.encode())

    def fetch(self, name: str, path: Path) -> bool:
        """Copy an artifact to a path where nothing is yet; whether it was there, whole.

        What cannot be fetched may leave a part of it at the path. Raises UserError where the disk
        here is full, too.
        """
        marker = self._marker(name)
        if marker is None:
            return False
        upload, sizes = marker["upload"], marker["sizes"]
        files = {_join(upload, file): path / file for file in sizes}
        with self._told("read"), told_full(path.parent):
            if "." not in sizes:
                path.mkdir()  # be it of no files
            if not self._remote.download(files):
                return False
        return all((path / file).stat().st_size == size for file, size in sizes.items())

    @cached_property
    def _remote(self) -> Remote:
        """Loaded when it is first needed: a process that finds all in its cache needs none."""
        return Remote(self.url)

    def _marker(self, name: str) -> dict[str, Any] | None:
        with self._told("read"):
            content = self._remote.read(_marker_of(name))
            return None if content is None else dict(json.loads(content))

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Tell what a library raises as one line: each has errors of its own."""
        try:
            yield
        except UserError:
            raise
        except Exception as error:
            raise UserError(f"{self.url}: cannot be {what}: {said(error)}") from None


def _marker_of(name: str) -> str:
    return f"{name}.json"


def _join(upload: str, file: str) -> str:
    """The name of one of an artifact's files; `.` is an artifact that is a file itself."""
    return upload if file == "." else f"{upload}/{file}"
