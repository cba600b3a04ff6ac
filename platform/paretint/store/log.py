"""The log of a run: one JSON object a line, appended by any process."""

from __future__ import annotations

import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def append(path: Path, event: str, fields: dict[str, Any]) -> None:
    """Append an event with the time in UTC, in one write, so that lines never interleave.

    A line cut short by a crash is closed first. A number that JSON has not, such as NaN, becomes
    null; what JSON cannot hold is written as its text.
    """
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    known = {name: _finite(value) for name, value in fields.items()}
    line = json.dumps({"time": time, "event": event, **known}, default=str) + "\n"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(file, (b"" if _ends_a_line(file) else b"\n") + line.encode())
    finally:
        os.close(file)


def read(path: Path) -> list[dict[str, Any]]:
    """Every event, oldest first; lines that are no JSON object are left out."""
    if not path.exists():
        return []
    events = (_event(line) for line in path.read_bytes().splitlines())
    return [event for event in events if event is not None]


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _ends_a_line(file: int) -> bool:
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
