"""Where an experiment's faces come from, and what finds the regions of real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from paretint.config.base import Int, Model
from paretint.config.recipe import INPUT_SIZE

Size = Annotated[Int, Field(ge=INPUT_SIZE.low, le=INPUT_SIZE.high, multiple_of=INPUT_SIZE.multiple)]
"""A side of photos, in pixels, that a student can take."""


class ProceduralFaces(Model):
    """Rendered faces: `pairs` of the style to learn from, faces to amplify, faces held out."""

    source: Literal["procedural"]
    style: str = Field(min_length=1)
    size: Size = 64
    pairs: Int = Field(default=10, ge=1)
    unlabelled: Int = Field(default=1000, ge=1)
    heldout: Int = Field(default=200, ge=8)


class FolderFaces(Model):
    """Folders of real photos: pairs by equal names in `before` and `after`, faces to amplify."""

    source: Literal["folders"]
    before: Path
    after: Path
    unlabelled: Path | None = None
    size: Size = 64
    heldout: Int = Field(default=30, ge=2)

    @property
    def style(self) -> str:
        """The style's name: that of the folder of the afters."""
        return self.after.name


def _source(raw: Any) -> Any:
    return raw.get("source") if isinstance(raw, dict) else getattr(raw, "source", None)


Faces = Annotated[
    Annotated[ProceduralFaces, Tag("procedural")] | Annotated[FolderFaces, Tag("folders")],
    Discriminator(
        _source,
        custom_error_type="source",
        custom_error_message="should be keys with the source: procedural, or folders",
    ),
]


class Regions(Model):
    """The face parser that draws the regions of real photos for the amplifier.

    parser: its file, or a folder of labelled faces that one is trained on, once a store;
    architecture, steps: of one that is trained.
    """

    parser: Path
    architecture: Literal["lite", "full"] = "lite"
    steps: Int = Field(default=4000, ge=1)
