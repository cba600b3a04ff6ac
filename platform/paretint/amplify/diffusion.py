"""Residual diffusion (RDM): what is learned, how it is drawn, how it is laid on the photo.

TinyBeauty, section on the residual diffusion model. This base diffuses the makeup residual
itself, in pixels, so its unconditional reconstruction F(x) is the photo: F(x) = x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from torch import Tensor

from paretint.amplify.network import ResidualUNet
from paretint.regions import CHANNELS, changed, encode

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
    def of(cls, photo: Tensor, regions: Tensor | None, code: Tensor) -> Condition:
        """Prepare photos, their label maps (or None) and one style code [CODE] or one each."""
        codes = code.expand(len(photo), -1)
        if regions is None:
            none = photo.new_zeros(len(photo), CHANNELS, *photo.shape[2:])
            return cls(photo, none, codes, torch.ones_like(photo[:, :1]))
        return cls(photo, encode(regions), codes, changed(regions))


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
def makeup_residual(network: ResidualUNet, given: Condition, noise: Tensor, steps: int) -> Tensor:
    """Return R_m = F(x, c) - F(x), drawn by DDIM from `noise`, float32 [N, 3, S, S].

    noise: standard normal [N, 3, S, S]. Outside M_changed the residual is exactly zero.
    """
    schedule = scheduler()
    schedule.set_timesteps(steps)
    residual = noise
    for time in schedule.timesteps:
        times = time.expand(len(noise)).to(noise.device)
        velocity = network(residual, times, given.photo, given.masks, given.code)
        residual = schedule.step(velocity, time, residual, return_dict=False)[0]
    return residual / SCALE * (given.weight > 0)


def compose(
    photo: Tensor, reconstruction: Tensor, makeup: Tensor, strength: float, detail: float
) -> Tensor:
    """Return y = F(x) + l_m R_m + l_d R_d, with R_d = x - F(x), clipped to [0, 1].

    strength, detail: l_m and l_d, 0..2; the paper's are 1 and 0.8.
    """
    return (reconstruction + strength * makeup + detail * (photo - reconstruction)).clamp(0, 1)
