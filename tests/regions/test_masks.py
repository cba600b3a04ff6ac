from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import Tensor

from paretint.faces import Region
from paretint.regions import CHANNELS, PARTS, around_eyes, changed, dilate, encode, of, partition

B, S, E, L, H = Region.BACKGROUND, Region.SKIN, Region.EYES, Region.LIPS, Region.HAIR

LABELS = arrays("uint8", (2, 12, 12), elements=st.integers(0, len(Region) - 1)).map(
    torch.from_numpy
)


def label_map(rows: list[list[Region]]) -> Tensor:
    return torch.tensor([rows], dtype=torch.uint8)


FACE = label_map([
    [H, H, H, H],
    [B, E, S, B],
    [B, S, S, B],
    [B, L, L, B],
])  # fmt: skip


def test_of_one_and_of_several() -> None:
    assert of(FACE, 4, L)[0, 0].tolist() == [[0] * 4, [0] * 4, [0] * 4, [0, 1, 1, 0]]
    assert of(FACE, 4, E, L)[0, 0].tolist() == [[0] * 4, [0, 1, 0, 0], [0] * 4, [0, 1, 1, 0]]
    assert of(FACE, 4)[0, 0].sum() == 0


def test_dilate_grows_by_pixels_on_every_side() -> None:
    mask = torch.zeros(1, 1, 7, 7)
    mask[..., 3, 2] = 1
    grown = dilate(mask, 2)
    assert grown.sum() == 25
    assert grown[0, 0, 1:6, 0:5].all()


def test_encode_has_a_channel_for_each_region() -> None:
    channels = encode(FACE, 4)
    assert channels.shape == (1, CHANNELS, 4, 4)
    for region in Region:
        assert channels[:, int(region)].equal(of(FACE, 4, region)[:, 0])


@given(LABELS)
def test_encode_says_each_pixel_once(labels: Tensor) -> None:
    channels = encode(labels, 12)
    assert (channels.sum(dim=1) == 1).all()
    assert channels.argmax(dim=1).to(torch.uint8).equal(labels)


@given(LABELS)
def test_the_parts_of_every_face_share_it_out(labels: Tensor) -> None:
    parts = partition(labels, 6)
    assert tuple(parts) == PARTS
    assert all(0 <= part.min() <= part.max() <= 1 for part in parts.values())
    assert torch.allclose(sum(parts.values()), torch.ones(2, 1, 6, 6))


def test_a_finer_map_says_how_much_of_a_pixel_a_region_covers() -> None:
    fine = label_map([[S, S, S, L], [S, S, L, L], [H, H, H, H], [H, H, E, H]])
    assert of(fine, 2, S)[0, 0].tolist() == [[1, 0.25], [0, 0]]
    assert of(fine, 2, L, E)[0, 0].tolist() == [[0, 0.75], [0, 0.25]]
    assert encode(fine, 1)[0, int(H), 0, 0] == 7 / 16
    assert changed(fine, 2, ("lips",))[0, 0].tolist() == [[0, 0.75], [0, 0]]


@pytest.mark.parametrize("size", [8, 3])
def test_a_map_coarser_than_the_mask_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"a map of 4 pixels a side has no mask of {size}"):
        of(FACE, size, L)


@given(LABELS)
def test_a_map_drawn_twice_as_fine_has_the_masks_of_the_coarse(labels: Tensor) -> None:
    finer = labels.repeat_interleave(2, dim=-1).repeat_interleave(2, dim=-2)
    for mask in (encode, around_eyes, changed):
        assert mask(finer, 12).equal(mask(labels, 12))


def test_around_eyes_reaches_a_pixel_in_a_small_photo_and_a_twelfth_in_a_large() -> None:
    assert around_eyes(FACE, 4)[0, 0].tolist() == [[1, 1, 1, 0]] * 3 + [[0] * 4]
    large = torch.zeros(1, 48, 48, dtype=torch.uint8)
    large[:, 20, 20] = int(E)
    assert around_eyes(large, 48).sum() == 9 * 9


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 12))
def test_a_mask_grows_by_the_greatest_of_its_neighbours(seed: int, pixels: int, size: int) -> None:
    mask = torch.rand(2, 1, size, size, generator=torch.Generator().manual_seed(seed))
    pooled = torch.nn.functional.max_pool2d(mask, 2 * pixels + 1, stride=1, padding=pixels)
    assert dilate(mask, pixels).equal(pooled)


def test_changed_counts_lips_and_eyes_twice_and_the_rim_of_the_face_once() -> None:
    assert changed(FACE, 4)[0, 0].tolist() == [
        [2, 2, 2, 1],
        [2, 2, 2, 1],
        [2, 2, 2, 1],
        [1, 2, 2, 1],
    ]


def test_changed_of_some_parts() -> None:
    assert (changed(FACE, 4, ("face",)) == 1).all()
    assert changed(FACE, 4, ("lips",))[0, 0].tolist() == [[0] * 4, [0] * 4, [0] * 4, [0, 1, 1, 0]]
    assert changed(FACE, 4, ("eyes",))[0, 0].tolist() == [[1, 1, 1, 0]] * 3 + [[0] * 4]
    assert changed(FACE, 4, ("lips", "face", "eyes")).equal(changed(FACE, 4))


def test_nothing_can_change_without_a_face() -> None:
    hair = torch.full((1, 8, 8), int(H), dtype=torch.uint8)
    assert not changed(hair, 8).any()


@given(LABELS)
def test_a_mirrored_face_has_mirrored_masks(labels: Tensor) -> None:
    for mask in (encode, around_eyes, changed):
        assert mask(labels.flip(-1), 6).equal(mask(labels, 6).flip(-1))


@given(LABELS)
def test_changed_is_0_1_or_2_and_covers_the_bare_face(labels: Tensor) -> None:
    weight = changed(labels, 12)
    assert weight.shape == (2, 1, 12, 12)
    assert set(weight.unique().tolist()) <= {0, 1, 2}
    assert (weight[of(labels, 12, S, E, L) > 0] > 0).all()
    assert (weight[of(labels, 12, L) > 0] == 2).all()
