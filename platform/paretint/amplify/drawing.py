"""Amplified pairs in memory: drawn, judged by the gate, and drawn anew where it rejects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from paretint.amplify.interface import Amplifier
from paretint.config import Amplifier as Settings
from paretint.errors import UserError
from paretint.faces import Faces, seeded, to_bytes

VERSION = 1

DRAWS = 64
"""Draws for one image before its gate is called too strict."""

_SAME_FACE = 2
"""So many draws are of one face, with other noise; then the next face is drawn."""


class Judge(Protocol):
    """Says what is wrong with amplified pairs."""

    def verdicts(self, before: Faces, after: Tensor) -> list[str | None]:
        """Return a reason for each after (uint8 [N, 3, S, S]) that is rejected, None for others."""


class Drawn(NamedTuple):
    """Amplified pairs. after: uint8 [N, 3, S, S]; rejected: draws rejected for each of them."""

    before: Faces
    after: Tensor
    rejected: tuple[int, ...]


def draw(
    amplifier: Amplifier,
    gate: Judge | None,
    faces: Faces,
    settings: Settings,
    seed: int,
    indices: Sequence[int],
) -> Drawn:
    """Draw the images of some indices; beyond the last face, faces come round with other noise.

    A draw that the gate rejects is replaced by the next. Raises UserError where it rejects
    DRAWS in a row.
    """
    slots = list(range(len(indices)))
    chosen, rejected = [0] * len(slots), [0] * len(slots)
    after = torch.empty(len(slots), *faces.photos.shape[1:], dtype=torch.uint8)
    faults: dict[int, str] = {}
    for attempt in range(DRAWS):
        for slot in slots:
            chosen[slot] = (indices[slot] + attempt // _SAME_FACE) % len(faces)
        before = faces.at([chosen[slot] for slot in slots])
        noise = [seeded(seed, indices[slot], attempt) for slot in slots]
        made = amplifier.residuals(before, noise)
        after[slots] = to_bytes(made.after(settings.lambda_makeup, settings.lambda_detail))
        faults = {} if gate is None else _faults(gate, before, after, slots)
        if not faults:
            return Drawn(faces.at(chosen), after, tuple(rejected))
        slots = list(faults)
        for slot in slots:
            rejected[slot] += 1
    raise UserError(
        f"amplifier.gate rejects {DRAWS} draws in a row, the last for its {faults[slots[-1]]};"
        " fine-tune longer, or loosen the gate"
    )


def _faults(gate: Judge, before: Faces, after: Tensor, slots: list[int]) -> dict[int, str]:
    """Return the slots that the gate rejects, each with its reason."""
    verdicts = gate.verdicts(before, after[slots])
    return {slot: why for slot, why in zip(slots, verdicts, strict=True) if why is not None}
