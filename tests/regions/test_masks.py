from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import Tensor

from paretint.faces import Region
from paretint.regions import CHANNELS, around_eyes, changed, dilate, encode, of

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
    assert of(FACE, L)[0, 0].tolist() == [[0] * 4, [0] * 4, [0] * 4, [0, 1, 1, 0]]
    assert of(FACE, E, L)[0, 0].tolist() == [[0] * 4, [0, 1, 0, 0], [0] * 4, [0, 1, 1, 0]]
    assert of(FACE)[0, 0].sum() == 0


def test_dilate_grows_by_pixels_on_every_side() -> None:
    mask = torch.zeros(1, 1, 7, 7)
    mask[..., 3, 2] = 1
    grown = dilate(mask, 2)
    assert grown.sum() == 25
    assert grown[0, 0, 1:6, 0:5].all()


def test_encode_has_a_channel_for_each_region() -> None:
    channels = encode(FACE)
    assert channels.shape == (1, CHANNELS, 4, 4)
    for region in Region:
        assert channels[:, int(region)].equal(of(FACE, region)[:, 0])


@given(LABELS)
def test_encode_says_each_pixel_once(labels: Tensor) -> None:
    channels = encode(labels)
    assert (channels.sum(dim=1) == 1).all()
    assert channels.argmax(dim=1).to(torch.uint8).equal(labels)


def test_around_eyes_reaches_a_pixel_in_a_small_photo_and_a_twelfth_in_a_large() -> None:
    assert around_eyes(FACE)[0, 0].tolist() == [[1, 1, 1, 0]] * 3 + [[0] * 4]
    large = torch.zeros(1, 48, 48, dtype=torch.uint8)
    large[:, 20, 20] = int(E)
    assert around_eyes(large).sum() == 9 * 9


def test_changed_counts_lips_and_eyes_twice_and_the_rim_of_the_face_once() -> None:
    assert changed(FACE)[0, 0].tolist() == [
        [2, 2, 2, 1],
        [2, 2, 2, 1],
        [2, 2, 2, 1],
        [1, 2, 2, 1],
    ]


def test_changed_of_some_parts() -> None:
    assert (changed(FACE, ("face",)) == 1).all()
    assert changed(FACE, ("lips",))[0, 0].tolist() == [[0] * 4, [0] * 4, [0] * 4, [0, 1, 1, 0]]
    assert changed(FACE, ("eyes",))[0, 0].tolist() == [[1, 1, 1, 0]] * 3 + [[0] * 4]
    assert changed(FACE, ("lips", "face", "eyes")).equal(changed(FACE))


def test_nothing_can_change_without_a_face() -> None:
    hair = torch.full((1, 8, 8), int(H), dtype=torch.uint8)
    assert not changed(hair).any()


@given(LABELS)
def test_a_mirrored_face_has_mirrored_masks(labels: Tensor) -> None:
    for mask in (encode, around_eyes, changed):
        assert mask(labels.flip(-1)).equal(mask(labels).flip(-1))


@given(LABELS)
def test_changed_is_0_1_or_2_and_covers_the_bare_face(labels: Tensor) -> None:
    weight = changed(labels)
    assert weight.shape == (2, 1, 12, 12)
    assert set(weight.unique().tolist()) <= {0, 1, 2}
    assert (weight[of(labels, S, E, L) > 0] > 0).all()
    assert (weight[of(labels, L) > 0] == 2).all()
