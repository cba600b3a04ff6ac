"""`rdm-small` fine-tuned: it draws one style's makeup on faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from paretint.amplify.diffusion import Condition, draw_makeup
from paretint.amplify.fitting import fine_tune
from paretint.amplify.network import ResidualUNet, load_weights
from paretint.amplify.residual import Residuals, detail_residual
from paretint.config import RdmSmall as Settings
from paretint.faces import Faces, Pairs, to_float

_FILE = "amplifier.safetensors"
_CODE = "code"


@dataclass(frozen=True)
class SmallAmplifier:
    """A fine-tuned network. code: float32 [CODE], the style told by the source pairs."""

    network: ResidualUNet
    code: Tensor
    settings: Settings

    @classmethod
    def fit(
        cls,
        weights: Path,
        pairs: Pairs,
        settings: Settings,
        seed: int,
        device: torch.device,
        after_step: Callable[[int], None],
    ) -> SmallAmplifier:
        """Return the network of a file of weights, fine-tuned on the source pairs."""
        network = load_weights(weights).to(device)
        return cls(*fine_tune(network, pairs, settings, seed, after_step), settings)

    @classmethod
    def load(cls, folder: Path, settings: Settings) -> SmallAmplifier:
        """Return the amplifier that `save` left in a folder."""
        weights = load_file(folder / _FILE)
        code = weights.pop(_CODE)
        network = ResidualUNet()
        network.load_state_dict(weights)
        return cls(network.eval(), code, settings)

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
