"""What a browser may load and run: nothing that is not ours, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence


def content_policy(scripts: Sequence[str], own: str) -> str:
    """A Content-Security-Policy under which of inline scripts only ``scripts`` run.

    ``own`` is where other files may come from: `'self'`, or `'none'` for a file on its own. So
    even a text that escaped escaping cannot run, and no request leaves the machine. Styles may
    be inline: Plotly sets them.
    """
    allowed = " ".join(f"'sha256-{_hash(script)}'" for script in scripts)
    host = "" if own == "'none'" else f"{own} "
    return (
        f"default-src {own}; script-src {host}{allowed}; style-src {host}'unsafe-inline'; "
        f"img-src {host}data: blob:; base-uri 'none'; form-action 'none'; object-src 'none'"
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
