"""What an exported file takes, gives and tells about itself, whatever its format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import paretint

INPUT = "photo"
"""The name of every file's one input: an RGB photo, float32 [1, 3, S, S] in [0, 1]."""


@dataclass(frozen=True)
class Signature:
    """What a file gives for a photo.

    output: the output's name; gives: an `image`, RGB [1, 3, S, S] in [0, 1], or an `array` of any
    shape; purpose: what the file does, in one sentence; facts: further entries of its metadata.
    """

    output: str
    gives: Literal["image", "array"]
    purpose: str
    facts: Mapping[str, str]

    def metadata(self, recipe: Mapping[str, object] | None) -> dict[str, str]:
        """Return the file's metadata: the facts, `paretint` (version), the `recipe` as JSON."""
        told = {"paretint": paretint.__version__, **self.facts}
        if recipe is not None:
            told["recipe"] = json.dumps(recipe, sort_keys=True)
        return told


STUDENT = Signature(
    output="made_up",
    gives="image",
    purpose="Adds makeup to an aligned photo of a face.",
    facts={"range": "RGB in [0, 1], in and out"},
)
