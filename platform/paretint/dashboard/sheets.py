"""Contact sheets of a run, as what an image in a page holds."""

from __future__ import annotations

import re
from base64 import b64encode

from paretint.dashboard.view import RunView
from paretint.store import Run

_KEY = re.compile("[0-9a-f]{64}")
_JPEG = b"\xff\xd8\xff"
_MOST = 2**20
"""Bytes beyond which a file is no sheet that an engine wrote."""


def contact_sheet(run: RunView, key: str) -> str | None:
    """The contact sheet of a set of amplified pairs as a `data:` URL; None where there is none.

    Whatever a ledger calls its sets, only a picture in the run's own folder is read.
    """
    if not _KEY.fullmatch(key):
        return None
    path = Run(run.folder, run.experiment).contact_sheet(key)
    inside = path.resolve().is_relative_to(run.folder.resolve())
    if not (inside and path.is_file() and path.stat().st_size <= _MOST):
        return None
    content = path.read_bytes()
    return f"data:image/jpeg;base64,{b64encode(content).decode()}" if content[:3] == _JPEG else None
