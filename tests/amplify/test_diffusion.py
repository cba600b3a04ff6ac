from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from paretint.amplify.diffusion import (
    SCALE,
    TIMESTEPS,
    Condition,
    diffusion_loss,
    draw_makeup,
    scheduler,
)
from paretint.amplify.network import ResidualUNet
from paretint.amplify.style_code import CODE
from paretint.faces import Region


class Constant(nn.Module):
    """Predicts one velocity everywhere and keeps the times it was asked for."""

    def __init__(self, velocity: float) -> None:
        super().__init__()
        self.velocity = velocity
        self.times: list[int] = []

    def forward(self, noisy: Tensor, time: Tensor, *_: Any) -> Tensor:
        self.times.extend(time.tolist())
        return torch.full_like(noisy, self.velocity)


def square_of_skin(count: int = 1) -> Tensor:
    """Label maps 16x16 whose middle 4x4 pixels are skin: with its rim, 36 pixels may change."""
    regions = torch.zeros(count, 16, 16, dtype=torch.uint8)
    regions[:, 6:10, 6:10] = int(Region.SKIN)
    return regions


def given(regions: Tensor | None, size: int = 16, device: str = "cpu") -> Condition:
    count = 1 if regions is None else len(regions)
    photo = torch.full((count, 3, size, size), 0.5, device=device)
    return Condition.of(photo, regions, torch.zeros(CODE, device=device))


def test_the_schedule_ends_in_noise_alone() -> None:
    schedule = scheduler()
    assert schedule.alphas_cumprod[-1] == 0
    schedule.set_timesteps(4)
    assert schedule.timesteps.tolist() == [999, 749, 499, 249]


def test_condition_of_a_photo_without_regions() -> None:
    blind = given(None)
    assert not blind.masks.any()
    assert (blind.weight == 1).all()
    assert blind.masks.shape == (1, 9, 16, 16)


def test_condition_repeats_one_code_and_keeps_one_each() -> None:
    photo, regions = torch.rand(3, 3, 16, 16), square_of_skin(3)
    assert Condition.of(photo, regions, torch.ones(CODE)).code.tolist() == [[1.0] * CODE] * 3
    codes = torch.rand(3, CODE)
    assert Condition.of(photo, regions, codes).code.equal(codes)
    assert Condition.of(photo, regions, codes).weight.sum() == 3 * 36


def test_residual_is_exactly_zero_outside_what_makeup_may_change(network: ResidualUNet) -> None:
    condition = given(square_of_skin(2))
    noise = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    residual = draw_makeup(network, condition, noise, steps=2)
    outside = (condition.weight == 0).expand_as(residual)
    assert outside.sum() == 2 * 3 * (256 - 36)
    assert (residual[outside] == 0).all()
    assert (residual[~outside] != 0).all()


def test_residual_is_the_noise_s_own_function(network: ResidualUNet) -> None:
    noise = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))

    def drawn(noise: Tensor) -> Tensor:
        return draw_makeup(network, given(square_of_skin(len(noise))), noise, steps=2)

    assert drawn(noise).equal(drawn(noise))
    torch.testing.assert_close(drawn(noise)[1:], drawn(noise[1:]), atol=1e-5, rtol=1e-4)
    assert not drawn(noise)[0].equal(drawn(noise)[1])


def test_at_every_step_the_latent_outside_is_the_bare_photo_s() -> None:
    class Witness(Constant):
        def forward(self, noisy: Tensor, time: Tensor, *given: Any) -> Tensor:
            self.seen.append(noisy)
            return super().forward(noisy, time, *given)

        seen: ClassVar[list[Tensor]] = []

    condition = given(square_of_skin())
    noise = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    draw_makeup(Witness(0.5), condition, noise, steps=4)  # type: ignore[arg-type]
    schedule = scheduler()
    outside = (condition.weight == 0).expand_as(noise)
    for noisy, time in zip(Witness.seen, [999, 749, 499, 249], strict=True):
        bare = (1 - schedule.alphas_cumprod[time]).sqrt() * noise
        torch.testing.assert_close(noisy[outside], bare[outside])


def test_makeup_of_chosen_parts_changes_those_alone(network: ResidualUNet) -> None:
    regions = square_of_skin()
    regions[:, 8, 7:9] = int(Region.LIPS)
    photo = torch.full((1, 3, 16, 16), 0.5)
    condition = Condition.of(photo, regions, torch.zeros(CODE), ("lips",))
    noise = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    residual = draw_makeup(network, condition, noise, steps=2)
    assert residual.count_nonzero() == 3 * 2


def test_in_one_step_the_residual_is_the_velocity_turned_round() -> None:
    """Where the signal is zero, v = sqrt(a) e - sqrt(1 - a) x0 leaves -x0."""
    network = Constant(-0.5)
    noise = torch.randn(1, 3, 16, 16)
    residual = draw_makeup(network, given(None), noise, steps=1)  # type: ignore[arg-type]
    torch.testing.assert_close(residual, torch.full_like(residual, 0.5 / SCALE))
    assert network.times == [TIMESTEPS - 1]


def test_loss_of_the_true_velocity_is_zero_and_looks_only_where_makeup_is() -> None:
    class Oracle(nn.Module):
        """Knows that the clean residual is zero, and is wrong by 3 outside the weight."""

        def forward(self, noisy: Tensor, time: Tensor, *_: Any) -> Tensor:
            signal = scheduler().alphas_cumprod[time].view(-1, 1, 1, 1)
            true = signal.sqrt() * noisy / (1 - signal).sqrt()
            return true + 3 * (condition.weight == 0)

    condition = given(square_of_skin(4))
    loss = diffusion_loss(
        Oracle(),  # type: ignore[arg-type]
        condition.photo,
        condition,
        torch.Generator().manual_seed(0),
    )
    assert loss < 1e-8


def test_loss_draws_times_over_the_whole_schedule_late_ones_more_often() -> None:
    network = Constant(0.0)
    condition = given(square_of_skin(2000))
    diffusion_loss(
        network,  # type: ignore[arg-type]
        condition.photo,
        condition,
        torch.Generator().manual_seed(0),
    )
    times = torch.tensor(network.times)
    assert times.min() < 100
    assert times.max() == TIMESTEPS - 1
    assert 0.23 < (times < TIMESTEPS / 2).float().mean() < 0.27


def test_everything_follows_the_photo_s_device() -> None:
    """The meta device refuses what lies on another, as a GPU does."""
    with torch.no_grad():
        network = ResidualUNet().to("meta")
        condition = given(square_of_skin(2).to("meta"), device="meta")
        loss = diffusion_loss(network, condition.photo, condition, torch.Generator())
        residual = draw_makeup(network, condition, torch.empty_like(condition.photo), 2)
    assert (loss.device.type, residual.device.type) == ("meta", "meta")
