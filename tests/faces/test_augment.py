from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from paretint.faces import Region, jitter, move, tint

SIZE = 32
SEEDS = st.integers(0, 2**32)


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def ramps(count: int) -> tuple[Tensor, Tensor]:
    """Photos whose every pixel holds its column, and its row: [count, 3, SIZE, SIZE] each."""
    columns = torch.arange(SIZE).float().expand(count, 3, SIZE, SIZE)
    return columns, columns.mT.contiguous()


@given(SEEDS, st.booleans())
@settings(max_examples=30)
def test_photos_and_labels_move_as_one(seed: int, upright: bool) -> None:
    """Where a photo holds its column, so does the label map: up to the half a pixel of nearest."""
    columns, rows = ramps(4)
    labels = (rows if upright else columns)[:, 0].to(torch.uint8)
    before, after, regions = jitter(columns, rows, labels, generator(seed))
    assert regions is not None
    assert regions.dtype == torch.uint8
    photo = (after if upright else before)[:, 0]
    assert (photo - regions.float()).abs().max() <= 0.5 + 1e-3


@given(SEEDS)
@settings(max_examples=30)
def test_before_and_after_move_as_one_whether_regions_are_known(seed: int) -> None:
    photo = torch.rand(3, 3, SIZE, SIZE, generator=generator(seed))
    before, after, regions = jitter(photo, photo, None, generator(seed))
    assert before.equal(after)
    assert regions is None
    assert not before.equal(photo)
    labels = torch.zeros(3, SIZE, SIZE, dtype=torch.uint8)
    assert before.equal(jitter(photo, photo, labels, generator(seed))[0])


@given(SEEDS)
@settings(max_examples=30)
def test_a_stack_of_channels_moves_as_photos_do(seed: int) -> None:
    columns, rows = ramps(3)
    before, after, _ = jitter(columns, rows, None, generator(seed))
    stack = torch.cat([columns, rows, columns[:, :1]], dim=1)
    moved = move(stack, generator(seed))
    assert moved.equal(torch.cat([before, after, before[:, :1]], dim=1))


@given(SEEDS)
@settings(max_examples=30)
def test_moves_are_small_and_keep_angles(seed: int) -> None:
    """15 degrees, 12 % of size, 5 % of place: read from the ramps, away from the border."""
    columns, rows = ramps(8)
    x, y, _ = jitter(columns, rows, None, generator(seed))
    middle = slice(SIZE // 2 - 2, SIZE // 2 + 2)
    for u, v in zip(x[:, 0, middle, middle], y[:, 0, middle, middle], strict=True):
        right = torch.stack([u[0, 1] - u[0, 0], v[0, 1] - v[0, 0]])
        down = torch.stack([u[1, 0] - u[0, 0], v[1, 0] - v[0, 0]])
        assert abs(right @ down) < 1e-3
        assert 0.88 - 1e-3 < right.norm() < 1.12 + 1e-3
        assert right.norm().item() == pytest.approx(down.norm().item(), abs=1e-3)
        turn = torch.rad2deg(torch.atan2(right[1].abs(), right[0].abs()))
        assert turn < 15.1
        centre = torch.stack([u.mean(), v.mean()])
        assert ((centre - (SIZE - 1) / 2).abs() <= 0.05 * SIZE + 1e-3).all()


def test_about_half_are_mirrored() -> None:
    columns, rows = ramps(400)
    before, _, _ = jitter(columns, rows, None, generator(0))
    mirrored = before[:, 0, 16, 18] < before[:, 0, 16, 14]
    assert 160 < mirrored.sum() < 240


def test_a_flip_keeps_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("TURN", "ZOOM", "MOVE"):
        monkeypatch.setattr(f"paretint.faces.augment.{limit}", 0.0)
    labels = torch.randint(len(Region), (16, SIZE, SIZE), generator=generator(1)).to(torch.uint8)
    photo = labels[:, None].float().expand(-1, 3, -1, -1)
    before, _, regions = jitter(photo, photo, labels, generator(0))
    assert regions is not None
    flipped = [not one.equal(other) for one, other in zip(regions, labels, strict=True)]
    assert 2 < sum(flipped) < 14
    for flip, moved, label, image in zip(flipped, regions, labels, before, strict=True):
        assert moved.equal(label.flip(-1) if flip else label)
        torch.testing.assert_close(image[0], moved.float(), atol=1e-4, rtol=0)


def test_the_same_generator_makes_the_same_moves() -> None:
    photo = torch.rand(3, 3, SIZE, SIZE)
    one, again, other = (jitter(photo, photo, None, generator(seed))[0] for seed in (0, 0, 1))
    assert one.equal(again)
    assert not one.equal(other)
    assert not one[0].equal(one[1])


@given(SEEDS)
@settings(max_examples=30)
def test_a_pair_is_tinted_as_one_and_stays_in_range(seed: int) -> None:
    photo = torch.rand(3, 3, SIZE, SIZE, generator=generator(seed))
    before, after = tint(photo, photo, generator(seed))
    assert before.equal(after)
    assert 0 <= before.min() <= before.max() <= 1
    assert not before[0].equal(photo[0])


@given(SEEDS)
@settings(max_examples=30)
def test_a_tint_is_a_gamma_and_a_gain_for_each_channel_within_limits(seed: int) -> None:
    dark = torch.full((4, 3, 1, 2), 0.1)
    dark[..., 1] = 0.2
    tinted, _ = tint(dark, dark, generator(seed))
    low, high = tinted[..., 0], tinted[..., 1]
    gamma = (high / low).log2().squeeze(-1)
    assert torch.allclose(gamma, gamma[:, :1].expand(-1, 3), atol=1e-4)  # one for all channels
    assert ((gamma.log().abs()) <= 0.2 + 1e-4).all()
    gain = (low.squeeze(-1) / 0.1**gamma).log()
    assert (gain.abs() <= 0.4 + 1e-4).all()
    assert (gain.amax(dim=1) - gain.amin(dim=1) <= 0.2 + 1e-4).all()


def test_each_pair_has_its_own_light() -> None:
    grey = torch.full((2, 3, 1, 1), 0.3)
    first, second = tint(grey, grey, generator(0))[0]
    assert not first.equal(second)
