"""From a photo's latents to noise and back, twice: as it is, and made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from diffusers.schedulers.scheduling_ddim_inverse import DDIMInverseScheduler
from torch import Tensor

Predict = Callable[[Tensor, Tensor, Tensor], Tensor]
"""The U-Net: latents [N, C, h, w], times int64 [N] and conditions [N, 64, width] to its output."""

_SHARED = (
    "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "trained_betas",
    "clip_sample", "set_alpha_to_one", "steps_offset", "prediction_type", "timestep_spacing",
    "rescale_betas_zero_snr",
)  # fmt: skip
"""What the sampler and the one that runs backwards have in common."""


@dataclass(frozen=True)
class Sampler:
    """DDIM between the photo and a share `noising` of the noise levels, in `steps` steps."""

    schedule: DDIMScheduler
    steps: int
    noising: float

    @property
    def levels(self) -> int:
        """Steps that the whole way to pure noise would take."""
        return max(self.steps, round(self.steps / self.noising))

    def times(self) -> list[int]:
        """Return the times of the steps, descending."""
        self.schedule.set_timesteps(self.levels)
        times: list[int] = self.schedule.timesteps.tolist()
        return times[-self.steps :]

    def added(self, clean: Tensor, noise: Tensor) -> list[Tensor]:
        """Return latents with noise added, at each of the times (SDEdit)."""
        return [
            self.schedule.add_noise(clean, noise, _all_at(time, clean)) for time in self.times()
        ]

    def inverted(self, predict: Predict, clean: Tensor, nothing: Tensor) -> list[Tensor]:
        """Return latents led back to noise by the model itself, at each of the times.

        nothing: the condition that says nothing, [N, 64, width].
        """
        inverse = DDIMInverseScheduler(**{key: self.schedule.config[key] for key in _SHARED})
        inverse.set_timesteps(self.levels)
        latents, found = clean, []
        for time in reversed(self.times()):
            output = predict(latents, _all_at(time, clean), nothing)
            latents = inverse.step(output, time, latents, return_dict=False)[0]
            found.append(latents)
        return found[::-1]

    def denoised(
        self,
        predict: Predict,
        path: list[Tensor],
        clean: Tensor,
        makeup: Tensor,
        condition: Tensor,
        nothing: Tensor,
        guidance: float,
    ) -> tuple[Tensor, Tensor]:
        """Return the latents of F(x), and of F(x, c) under guidance; each [N, C, h, w].

        path: the photo's latents at each of the times. At every step the latents outside `makeup`
        (bool [N, 1, h, w]) are the photo's of that step, L'_y = L_y M + L_x (1 - M).
        """
        bare, made = path[0], path[0]
        conditions = torch.cat([nothing, nothing, condition])
        for place, time in enumerate(self.times()):
            latents = torch.cat([bare, made, made])
            output = predict(latents, _all_at(time, latents), conditions)
            unsaid, free, told = output.chunk(3)
            guided = free + guidance * (told - free)
            below = path[place + 1] if place + 1 < len(path) else clean
            bare, made = (
                torch.where(makeup, self._stepped(each, time, now), below)
                for each, now in ((unsaid, bare), (guided, made))
            )
        return bare, made

    def _stepped(self, output: Tensor, time: int, latents: Tensor) -> Tensor:
        stepped: Tensor = self.schedule.step(output, time, latents, return_dict=False)[0]
        return stepped


def _all_at(time: int, latents: Tensor) -> torch.IntTensor:
    return cast(torch.IntTensor, torch.full((len(latents),), time, device=latents.device))
