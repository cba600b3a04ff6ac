"""What an exported file takes, gives and tells about itself, whatever its format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import paretint

INPUT = "photo"
"""The name of every file's one input: an RGB photo, float32 [1, 3, S, S] in [0, 1]."""

IMAGE = "an RGB image of 8 bits"
"""What Core ML takes for a photo, and gives where a file gives an image."""


@dataclass(frozen=True)
class Signature:
    """What a file gives for a photo.

    output: the output's name; gives: an `image`, RGB [1, 3, S, S] in [0, 1], or an `array` of any
    shape; holds: what the output's numbers are, with their range; purpose: what the file does, in
    one sentence; facts: further entries of its metadata.
    """

    output: str
    gives: Literal["image", "array"]
    holds: str
    purpose: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def metadata(
        self, recipe: Mapping[str, object] | None, as_images: bool = False
    ) -> dict[str, str]:
        """Return the file's metadata: the facts, `paretint` (version), `range`, `recipe` as JSON.

        as_images: whether the format takes and gives images, as Core ML does, in place of numbers.
        """
        ends = self.ends(as_images)
        told = {
            "paretint": paretint.__version__,
            "range": "; ".join(f"{name}: {holds}" for name, holds in ends.items()),
            **self.facts,
        }
        if recipe is not None:
            told["recipe"] = json.dumps(recipe, sort_keys=True)
        return told

    def ends(self, as_images: bool) -> dict[str, str]:
        """Return what the input and the output hold, by name."""
        gives_image = as_images and self.gives == "image"
        return {
            INPUT: IMAGE if as_images else "RGB in [0, 1]",
            self.output: IMAGE if gives_image else self.holds,
        }


STUDENT = Signature(
    output="made_up",
    gives="image",
    holds="RGB in [0, 1]",
    purpose="Adds makeup to a photo cropped to a face.",
)
"""A student that belongs to no experiment."""


def student_signature(style: str, licence: str) -> Signature:
    """Return the signature of a student of a style, whose file is under a licence."""
    facts = {
        "style": style,
        "licence": licence,
        "other sizes": "squeeze the photo to the input, resize what the model adds to it, add that",
    }
    return Signature(STUDENT.output, STUDENT.gives, STUDENT.holds, STUDENT.purpose, facts)
