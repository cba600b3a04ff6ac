"""What every exported file tells about itself, whatever its format."""

from __future__ import annotations

import json
from collections.abc import Mapping

import paretint


def metadata(recipe: Mapping[str, object] | None) -> dict[str, str]:
    """The entries of a file's metadata: `paretint` (version), `range` and the `recipe` as JSON."""
    told = {"paretint": paretint.__version__, "range": "RGB in [0, 1], in and out"}
    if recipe is not None:
        told["recipe"] = json.dumps(recipe, sort_keys=True)
    return told
