"""A sheet of held-out faces: before, made up by the winner, and truly made up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from paretint.export import OnnxModel, make_up
from paretint.faces import Pairs

if TYPE_CHECKING:
    from paretint.amplify import SheetRow

SAMPLES = "samples.png"
HEADS = ("before", "made up", "true after")
_FACES = 4


def sample_rows(model: Path, heldout: Pairs) -> list[SheetRow]:
    """The first held-out faces, under HEADS, made up by the ONNX file ``model``.

    They are numbered: a photo's file name may be a person's.
    """
    from paretint.amplify import SheetRow  # with diffusers, which takes seconds to import

    some = heldout.first(_FACES)
    made_up = torch.from_numpy(make_up(OnnxModel(model), some.before.numpy()))
    faces = zip(some.before, made_up, some.after, strict=True)
    return [SheetRow(str(number), images) for number, images in enumerate(faces, 1)]


def write_samples(model: Path, heldout: Pairs, path: Path) -> None:
    """Draw `sample_rows` to a PNG file."""
    from paretint.amplify import draw_sheet

    draw_sheet(HEADS, sample_rows(model, heldout)).save(path)
