"""`rdm-small`: the pixel-space base, small enough for a laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from paretint.amplify.diffusion import Condition, draw_makeup
from paretint.amplify.fitting import fine_tune
from paretint.amplify.network import ResidualUNet, load_weights
from paretint.amplify.residual import Residuals, detail_residual
from paretint.config import RdmSmall as Settings
from paretint.faces import Faces, Pairs, to_float
from paretint.store import digest

_VERSION = 4
_FILE = "amplifier.safetensors"
_CODE = "code"


@dataclass(frozen=True)
class SmallAmplifier:
    """A fine-tuned network. code: float32 [CODE], the style told by the source pairs."""

    network: ResidualUNet
    code: Tensor
    settings: Settings

    def save(self, folder: Path) -> None:
        """Write the amplifier into a folder."""
        weights = self.network.state_dict() | {_CODE: self.code}
        save_file({name: value.contiguous() for name, value in weights.items()}, folder / _FILE)

    def to(self, device: torch.device) -> SmallAmplifier:
        """Return the amplifier on a device."""
        return SmallAmplifier(self.network.to(device), self.code.to(device), self.settings)

    def residuals(self, faces: Faces, noise: Sequence[torch.Generator]) -> Residuals:
        """Return the faces taken apart: R_m is drawn, F(x) is x, and R_d nothing."""
        device = self.code.device
        photo = to_float(faces.photos)
        given = Condition.of(photo, faces.regions, self.code, self.settings.regions)
        drawn = torch.stack([torch.randn(photo.shape[1:], generator=each) for each in noise])
        makeup = draw_makeup(self.network, given, drawn.to(device), self.settings.steps).cpu()
        return Residuals(photo, makeup, detail_residual(photo, photo))


class RdmSmall:
    """The base `rdm-small`, its weights read from a file once."""

    def __init__(self, settings: Settings, weights: Path) -> None:
        self._settings = settings
        self._weights = weights
        self.network = load_weights(weights)

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
        """Fine-tune a copy of the network on the source pairs."""
        network, code = fine_tune(self.network.to(device), pairs, self._settings, seed, after_step)
        return SmallAmplifier(network, code, self._settings)

    def load(self, folder: Path) -> SmallAmplifier:
        """Return the amplifier that `SmallAmplifier.save` left in a folder."""
        weights = load_file(folder / _FILE)
        code = weights.pop(_CODE)
        network = ResidualUNet()
        network.load_state_dict(weights)
        return SmallAmplifier(network.eval(), code, self._settings)

    @cached_property
    def _digest(self) -> str:
        return digest(self._weights.read_bytes())
