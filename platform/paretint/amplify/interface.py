"""What the rest of the room knows of a diffusion model: a base, and an amplifier fitted to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import torch

from paretint.amplify.residual import Residuals
from paretint.faces import Faces, Pairs


class Amplifier(Protocol):
    """One style's amplifier, as its experiment's settings draw with it."""

    def residuals(self, faces: Faces, noise: Sequence[torch.Generator]) -> Residuals:
        """Return the faces taken apart, on the CPU; `noise` has a generator for each face.

        An image depends on its own face and generator, not on the others of its batch, and has
        no residual where M_changed is zero.
        """

    def save(self, folder: Path) -> None:
        """Write into a folder what `Base.load` needs."""

    def to(self, device: torch.device) -> Self:
        """Return the amplifier on a device."""


class Base(Protocol):
    """A pretrained diffusion model, with how an experiment fine-tunes it and draws with it."""

    def fit_words(self) -> dict[str, Any]:
        """Return what determines a fitted amplifier beside its pairs and seed: part of its key."""

    def draw_words(self) -> dict[str, Any]:
        """Return what determines an image beside amplifier, face and seed: part of its key."""

    def fit(
        self, pairs: Pairs, seed: int, device: torch.device, after_step: Callable[[int], None]
    ) -> Amplifier:
        """Fine-tune on the source pairs; `after_step` is told how many steps are done.

        Raises FloatingPointError where the loss is no number, UserError where the weights or the
        photos do not fit.
        """

    def load(self, folder: Path) -> Amplifier:
        """Return the amplifier that `Amplifier.save` left in a folder."""
