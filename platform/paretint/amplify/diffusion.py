"""The diffusion of `rdm-small`: how a makeup residual is learned, and how it is drawn.

It diffuses the residual itself, in pixels, so its unconditional reconstruction is the photo:
F(x) = x, and nothing of the photo is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from torch import Tensor

from paretint.amplify.network import ResidualUNet
from paretint.regions import CHANNELS, PARTS, changed, encode

TIMESTEPS = 1000
SCALE = 4.0
"""Residuals are diffused at four times their size: then they have about the noise's variance."""


def scheduler() -> DDIMScheduler:
    """Return the noise schedule: zero signal at its end, so the first step sees noise alone."""
    schedule: DDIMScheduler = DDIMScheduler(
        num_train_timesteps=TIMESTEPS,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
    )
    return schedule


@dataclass(frozen=True)
class Condition:
    """What the residual is drawn for.

    photo: float32 [N, 3, S, S] in [0, 1]; masks: float32 [N, 9, S, S], zero where regions are
    unknown; code: float32 [N, CODE]; weight: M_changed, float32 [N, 1, S, S], one everywhere
    where regions are unknown.
    """

    photo: Tensor
    masks: Tensor
    code: Tensor
    weight: Tensor

    @classmethod
    def of(
        cls, photo: Tensor, regions: Tensor | None, code: Tensor, parts: Sequence[str] = PARTS
    ) -> Condition:
        """Prepare photos, their label maps (or None) and one style code [CODE] or one each.

        parts: what makeup may change. All that comes out is where the code is.
        """
        device = code.device
        codes = code.expand(len(photo), -1)
        if regions is None:
            none = photo.new_zeros(len(photo), CHANNELS, *photo.shape[2:])
            masks, weight = none, torch.ones_like(photo[:, :1])
        else:
            size = photo.shape[-1]
            masks, weight = encode(regions, size), changed(regions, size, parts)
        return cls(photo.to(device), masks.to(device), codes, weight.to(device))


def diffusion_loss(
    network: ResidualUNet, after: Tensor, given: Condition, generator: torch.Generator
) -> Tensor:
    """Return the velocity error, weighted by M_changed, at one random time a pair; a scalar.

    Late times, where noise hides the residual, are drawn more often: sampling in few steps
    spends itself there.
    """
    schedule = scheduler()
    clean = (after - given.photo) * SCALE
    noise = torch.randn(clean.shape, generator=generator).to(clean.device)
    share = torch.rand(len(clean), generator=generator).sqrt()
    time = cast(torch.IntTensor, (TIMESTEPS * share).long().to(clean.device))
    noisy = schedule.add_noise(clean, noise, time)
    target = schedule.get_velocity(clean, noise, time)
    error = network(noisy, time, given.photo, given.masks, given.code).float() - target
    weighted: Tensor = (error.square() * given.weight).mean()
    return weighted / given.weight.mean().clamp(min=1e-6)


@torch.inference_mode()
def draw_makeup(network: ResidualUNet, given: Condition, noise: Tensor, steps: int) -> Tensor:
    """Return R_m drawn by DDIM from `noise`, float32 [N, 3, S, S].

    noise: standard normal [N, 3, S, S]. At every step the latent outside M_changed is that of
    the bare photo, L'_y = L_y M + L_x (1 - M): a residual of zero, with the noise of that step
    (TinyBeauty, section on the fine-grained makeup module).
    """
    schedule = scheduler()
    schedule.set_timesteps(steps)
    makeup = given.weight > 0
    bare = torch.zeros_like(noise)
    residual = noise
    times = schedule.timesteps.tolist()
    for time, following in zip(times, [*times[1:], None], strict=True):
        now = torch.full((len(noise),), time, device=noise.device)
        velocity = network(residual, now, given.photo, given.masks, given.code)
        residual = schedule.step(velocity, time, residual, return_dict=False)[0]
        if following is not None:
            at = cast(torch.IntTensor, torch.full((len(noise),), following, device=noise.device))
            bare_now = schedule.add_noise(bare, noise, at)
            residual = torch.where(makeup, residual, bare_now)
    return torch.where(makeup, residual, bare) / SCALE
