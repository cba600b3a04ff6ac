"""Sampling with models whose answers are known."""

from __future__ import annotations

import pytest
import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from torch import Tensor

from paretint.amplify.stable.sampling import Sampler

SHAPE = (2, 4, 3, 3)
NOTHING = torch.zeros(2, 64, 1)
TOLD = torch.ones(2, 64, 1)
EVERYWHERE = torch.ones(2, 1, 3, 3, dtype=torch.bool)


def schedule() -> DDIMScheduler:
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        steps_offset=1,
        clip_sample=False,
        set_alpha_to_one=False,
        timestep_spacing="trailing",
    )


def linear(latents: Tensor, time: Tensor, condition: Tensor) -> Tensor:
    """A smooth model: noise as a share of what it sees, more of it where something is told."""
    return latents * (0.1 + 0.2 * condition[:, :1, :1, None]) * (1 + time.view(-1, 1, 1, 1) / 1000)


@pytest.fixture
def clean() -> Tensor:
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("steps", "noising", "times"),
    [
        (3, 0.3, [299, 199, 99]),  # the published 3 of 10
        (1, 0.3, [332]),
        (2, 1.0, [999, 499]),
        (4, 0.8, [799, 599, 399, 199]),
    ],
)
def test_the_steps_are_the_last_of_the_whole_way(
    steps: int, noising: float, times: list[int]
) -> None:
    assert Sampler(schedule(), steps, noising).times() == times


def test_added_noise_grows_with_time_and_is_that_of_each_time(clean: Tensor) -> None:
    sampler, noise = Sampler(schedule(), 3, 0.3), torch.ones(SHAPE)
    path = sampler.added(clean, noise)
    assert len(path) == 3
    for latents, time in zip(path, sampler.times(), strict=True):
        kept = sampler.schedule.alphas_cumprod[time]
        assert torch.allclose(latents, kept.sqrt() * clean + (1 - kept).sqrt() * noise, atol=1e-6)


def test_inversion_leads_back_to_the_photo(clean: Tensor) -> None:
    sampler = Sampler(schedule(), 40, 0.5)
    path = sampler.inverted(linear, clean, NOTHING)
    assert len(path) == 40
    assert (path[0] - clean).abs().mean() > 0.1
    bare, _ = sampler.denoised(linear, path, clean, EVERYWHERE, TOLD, NOTHING, 0.0)
    lost = (bare - clean).abs().mean()
    assert lost < 0.02
    added = sampler.added(clean, torch.randn(SHAPE, generator=torch.Generator().manual_seed(1)))
    other, _ = sampler.denoised(linear, added, clean, EVERYWHERE, TOLD, NOTHING, 0.0)
    assert (other - clean).abs().mean() > 10 * lost


def test_a_model_that_sees_no_noise_scales_alone(clean: Tensor) -> None:
    """With eps = 0 a step multiplies by the ratio of the signals, which is known."""
    sampler = Sampler(schedule(), 1, 0.5)
    (time,) = sampler.times()
    path = [clean]
    bare, made = sampler.denoised(
        lambda latents, _time, _condition: torch.zeros_like(latents),
        path, clean, EVERYWHERE, TOLD, NOTHING, 2.5,
    )  # fmt: skip
    signal = sampler.schedule.alphas_cumprod
    expected = clean * (signal[0] / signal[time]).sqrt()
    assert torch.allclose(bare, expected, atol=1e-6)
    assert torch.equal(bare, made)


def test_guidance_leads_from_the_unsaid_through_the_told(clean: Tensor) -> None:
    sampler = Sampler(schedule(), 1, 0.5)
    path = sampler.added(clean, torch.ones(SHAPE))

    def made(guidance: float, condition: Tensor = TOLD) -> Tensor:
        return sampler.denoised(
            linear, path, clean, EVERYWHERE, condition, NOTHING, guidance
        )[1]  # fmt: skip

    bare = sampler.denoised(linear, path, clean, EVERYWHERE, TOLD, NOTHING, 2.5)[0]
    assert torch.equal(made(0.0), bare)
    assert torch.allclose(made(2.5, NOTHING), bare, atol=1e-6)
    once = made(1.0) - bare
    assert once.abs().max() > 0.01
    assert torch.allclose(made(2.5) - bare, 2.5 * once, atol=1e-5)


def test_what_is_outside_the_makeup_stays_the_photos_at_every_step(clean: Tensor) -> None:
    seen: list[Tensor] = []

    def spying(latents: Tensor, time: Tensor, condition: Tensor) -> Tensor:
        seen.append(latents)
        return linear(latents, time, condition)

    makeup = EVERYWHERE.clone()
    makeup[..., 0] = False
    sampler = Sampler(schedule(), 4, 0.8)
    path = sampler.added(clean, torch.ones(SHAPE))
    bare, made = sampler.denoised(spying, path, clean, makeup, TOLD, NOTHING, 2.5)
    for latents, photo in zip(seen, path, strict=True):
        for branch in latents.chunk(3):
            assert torch.equal(branch[..., 0], photo[..., 0])
    for drawn in (bare, made):
        assert torch.equal(drawn[..., 0], clean[..., 0])
        assert not torch.allclose(drawn[..., 1:], clean[..., 1:], atol=0.01)
