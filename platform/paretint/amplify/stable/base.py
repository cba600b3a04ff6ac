"""Stable Diffusion behind the amplifier's interface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.functional import max_pool2d

from paretint.amplify.residual import Residuals, detail_residual, makeup_residual
from paretint.amplify.stable.fitting import DTYPES, fine_tune, makeup_of
from paretint.amplify.stable.folders import (
    ENCODER,
    PIPELINE,
    check_pipeline,
    digest_files,
    folder_of,
)
from paretint.amplify.stable.model import Model
from paretint.amplify.stable.sampling import Sampler
from paretint.amplify.stable.tokens import features
from paretint.config import StableDiffusion as Settings
from paretint.faces import Faces, Pairs, to_float

_VERSION = 1
_FILE = "amplifier.safetensors"
_STYLES = "styles"

AT_ONCE = 8
"""Faces that go through the U-Net together, each as three latents: a bound on the memory."""


@dataclass(frozen=True)
class StableAmplifier:
    """A fine-tuned model. styles: float32 [k, F], features of each source pair's makeup."""

    model: Model
    styles: Tensor
    settings: Settings

    def save(self, folder: Path) -> None:
        """Write what was fine-tuned into a folder; the base stays where it is."""
        save_file({**self.model.state(), _STYLES: self.styles.cpu()}, folder / _FILE)

    def to(self, device: torch.device) -> StableAmplifier:
        """Return the amplifier on a device."""
        return StableAmplifier(self.model.to(device), self.styles.to(device), self.settings)

    @torch.inference_mode()
    def residuals(self, faces: Faces, noise: Sequence[torch.Generator]) -> Residuals:
        """Return the faces taken apart; each is shown a mixture of the source pairs' makeup."""
        parts = [
            self._residuals(faces.take(start, start + AT_ONCE), noise[start : start + AT_ONCE])
            for start in range(0, len(faces), AT_ONCE)
        ]
        return Residuals(*(torch.cat(part).cpu() for part in zip(*parts, strict=True)))

    def _residuals(self, faces: Faces, noise: Sequence[torch.Generator]) -> Residuals:
        photo = to_float(faces.photos).to(self.model.device)
        makeup = makeup_of(faces.regions, photo, self.settings) > 0
        bare, made = (self.model.decode(latents) for latents in self._drawn(photo, makeup, noise))
        # In pixels too, since a latent reaches beyond its own eight.
        bare, made = (torch.where(makeup, drawn, photo) for drawn in (bare, made))
        return Residuals(bare, makeup_residual(made, bare), detail_residual(photo, bare))

    def _drawn(
        self, photo: Tensor, makeup: Tensor, noise: Sequence[torch.Generator]
    ) -> tuple[Tensor, Tensor]:
        """Return the latents of F(x) and of F(x, c)."""
        settings, clean = self.settings, self.model.encode(photo)
        shares = torch.stack([_shares(len(self.styles), each) for each in noise])
        drawn = torch.stack([torch.randn(clean.shape[1:], generator=each) for each in noise])
        identity = features(self.model.encoder, photo)
        condition = self.model.tokens(identity, shares.to(photo.device) @ self.styles)
        nothing = self.model.tokens(torch.zeros_like(identity), torch.zeros_like(identity))
        sampler = Sampler(self.model.schedule, settings.steps, settings.noising)
        if settings.inversion == "sdedit":
            path = sampler.added(clean, drawn.to(clean.device))
        else:
            path = sampler.inverted(self._predict, clean, nothing)
        free = max_pool2d(makeup.float(), self.model.fold) > 0
        return sampler.denoised(
            self._predict, path, clean, free, condition, nothing, settings.guidance
        )

    def _predict(self, latents: Tensor, time: Tensor, condition: Tensor) -> Tensor:
        dtype = DTYPES[self.settings.precision]
        with torch.autocast(latents.device.type, dtype, enabled=dtype != torch.float32):
            output: Tensor = self.model.unet(latents, time, condition).sample
        return output.float()


def _shares(count: int, generator: torch.Generator) -> Tensor:
    """Return random shares [count] that come to one, every mixture as likely as any other."""
    exponential = -torch.rand(count, generator=generator).clamp(min=1e-9).log()
    return exponential / exponential.sum()


class StableBase:
    """The base `stable-diffusion`, its weights in a folder or from the hub."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pipeline = folder_of(settings.weights, "weights", PIPELINE)
        self._encoder = folder_of(settings.image_encoder, "image_encoder", ENCODER)
        check_pipeline(self._pipeline)

    def fit_words(self) -> dict[str, Any]:
        """Return the digests of the weights, and how they are fine-tuned."""
        settings = self._settings
        return {
            "base": settings.base,
            "version": _VERSION,
            "weights": self._digests,
            "steps": settings.fine_tune_steps,
            "batch": settings.batch,
            "learning_rate": settings.learning_rate,
            "adapter": settings.adapter.model_dump(),
            "precision": settings.precision,
            "regions": settings.regions,
        }

    def draw_words(self) -> dict[str, Any]:
        """Return how an image is drawn."""
        settings = self._settings
        return {
            "steps": settings.steps,
            "inversion": settings.inversion,
            "noising": settings.noising,
            "guidance": settings.guidance,
        }

    def fit(
        self, pairs: Pairs, seed: int, device: torch.device, after_step: Callable[[int], None]
    ) -> StableAmplifier:
        """Fine-tune the model on the source pairs."""
        model = self._read(seed).to(device)
        model.check_size(pairs.before.shape[-1])
        styles = fine_tune(model, pairs, self._settings, seed, after_step)
        return StableAmplifier(model, styles, self._settings)

    def load(self, folder: Path) -> StableAmplifier:
        """Return the amplifier that `StableAmplifier.save` left in a folder."""
        state = load_file(folder / _FILE)
        styles = state.pop(_STYLES)
        model = self._read(seed=0)
        model.load(state)
        model.unet.eval()
        return StableAmplifier(model, styles, self._settings)

    def _read(self, seed: int) -> Model:
        settings = self._settings
        dtype = DTYPES[settings.precision]
        return Model.read(self._pipeline, self._encoder, settings.adapter, dtype, seed)

    @cached_property
    def _digests(self) -> list[str]:
        return [digest_files(self._pipeline, PIPELINE), digest_files(self._encoder, ENCODER)]
