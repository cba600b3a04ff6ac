"""Long work in pieces, each kept as it is done: the same command goes on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Finished(Generic[Key]):
    """The pieces that are done, by key, kept in a file of JSON lines."""

    path: Path
    done: dict[Key, Any]

    @classmethod
    def open(cls, path: Path, key_of: Callable[[Any], Key]) -> Finished[Key]:
        """Return those that a file holds, their keys as `key_of` reads them from JSON.

        A last line cut short is left out, and taken off the file.
        """
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        whole = [line for line in lines if line.endswith("\n")]
        if len(whole) < len(lines):
            path.write_text("".join(whole))
        pieces = (json.loads(line) for line in whole)
        return cls(path, {key_of(key): value for key, value in pieces})

    def finish(
        self, pieces: Mapping[Key, Callable[[], Any]], at_once: int | None
    ) -> Iterator[tuple[Key, int]]:
        """Do the missing pieces, each in a process; yield each key with how many are left."""
        missing = {key: piece for key, piece in pieces.items() if key not in self.done}
        with ProcessPoolExecutor(at_once, get_context("spawn")) as pool:
            running = {pool.submit(piece): key for key, piece in missing.items()}
            lefts = reversed(range(len(missing)))
            for left, future in zip(lefts, as_completed(running), strict=True):
                key = running[future]
                self.done[key] = future.result()
                with self.path.open("a") as file:
                    file.write(json.dumps([key, self.done[key]]) + "\n")
                yield key, left
