"""`rdm-small`: the pixel-space base, small enough for a laptop.

What draws is imported when it is needed: diffusers takes longer than all else of a sweep's
processes, most of which never draw.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from paretint.amplify.weights import check_weights
from paretint.config import RdmSmall as Settings
from paretint.faces import Pairs
from paretint.store import digest

if TYPE_CHECKING:
    from paretint.amplify.small_amplifier import SmallAmplifier

_VERSION = 4


class RdmSmall:
    """The base `rdm-small`, by the file of its weights; UserError where these do not fit."""

    def __init__(self, settings: Settings, weights: Path) -> None:
        check_weights(weights)
        self._settings = settings
        self._weights = weights

    def fit_words(self) -> dict[str, Any]:
        """Return the digest of the weights, and how they are fine-tuned."""
        settings = self._settings
        return {
            "base": settings.base,
            "version": _VERSION,
            "weights": self._digest,
            "steps": settings.fine_tune_steps,
            "batch": settings.batch,
            "learning_rate": settings.learning_rate,
            "regions": settings.regions,
        }

    def draw_words(self) -> dict[str, Any]:
        """Return how many steps an image takes."""
        return {"steps": self._settings.steps}

    def fit(
        self, pairs: Pairs, seed: int, device: torch.device, after_step: Callable[[int], None]
    ) -> SmallAmplifier:
        """Fine-tune the network on the source pairs."""
        from paretint.amplify.small_amplifier import SmallAmplifier

        return SmallAmplifier.fit(self._weights, pairs, self._settings, seed, device, after_step)

    def load(self, folder: Path) -> SmallAmplifier:
        """Return the amplifier that `SmallAmplifier.save` left in a folder."""
        from paretint.amplify.small_amplifier import SmallAmplifier

        return SmallAmplifier.load(folder, self._settings)

    @cached_property
    def _digest(self) -> str:
        return digest(self._weights.read_bytes())
