"""The held-out faces that a trial's folder shows: `faces/1-before.webp` and so on."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FACES = "faces"
"""The folder's name, in that of a trial's files."""


class KeptFace(NamedTuple):
    """The file names of one face: before, as the trial makes it up, and truly made up."""

    before: str
    made_up: str
    after: str

    @classmethod
    def numbered(cls, number: int) -> KeptFace:
        """Faces have numbers: a photo's own name may be a person's."""
        return cls(*(f"{number}-{kind}.webp" for kind in ("before", "made-up", "after")))


def kept_faces(folder: Path) -> list[KeptFace]:
    """The faces in a trial's folder of files, in their order; none from an earlier version."""
    numbers = [path.name.partition("-")[0] for path in folder.glob(f"{FACES}/*-before.webp")]
    return [KeptFace.numbered(n) for n in sorted(int(n) for n in numbers if n.isdecimal())]
