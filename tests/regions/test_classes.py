from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import Tensor

from paretint.faces import Region
from paretint.regions import CLASSES
from paretint.regions.classes import MIRRORED, REGION_OF, to_regions

PROBABILITIES = arrays("float32", (1, 19, 2, 3), elements=st.integers(0, 64).map(float)).map(
    lambda counts: torch.from_numpy(counts) / 64
)


def one_pixel(**probabilities: float) -> Tensor:
    values = torch.tensor([probabilities.get(name, 0.0) for name in CLASSES])
    return values[None, :, None, None]


def test_the_classes_are_those_of_celebamask_hq() -> None:
    assert len(set(CLASSES)) == 19
    assert [CLASSES[label] for label in (0, 1, 4, 5, 10, 13, 18)] == [
        "background", "skin", "left_eye", "right_eye", "mouth", "hair", "cloth",
    ]  # fmt: skip


def test_every_region_has_a_class() -> None:
    assert set(REGION_OF.tolist()) == set(map(int, Region))


def test_what_is_worn_is_background_and_what_is_skin_is_skin() -> None:
    for name in ("background", "hat", "earring", "necklace", "cloth"):
        assert REGION_OF[CLASSES.index(name)] == Region.BACKGROUND
    for name in ("skin", "nose", "left_ear", "right_ear"):
        assert REGION_OF[CLASSES.index(name)] == Region.SKIN


def test_a_flip_swaps_the_sides_of_six_classes_and_leaves_the_others() -> None:
    swapped = {CLASSES[a]: CLASSES[b] for a, b in enumerate(MIRRORED.tolist()) if a != b}
    assert swapped == {
        "left_eye": "right_eye", "right_eye": "left_eye",
        "left_brow": "right_brow", "right_brow": "left_brow",
        "left_ear": "right_ear", "right_ear": "left_ear",
    }  # fmt: skip


def test_a_flip_keeps_every_region() -> None:
    assert REGION_OF[MIRRORED].equal(REGION_OF)


def test_doubt_about_the_side_of_an_eye_does_not_turn_it_into_skin() -> None:
    doubtful = one_pixel(skin=0.4, left_eye=0.3, right_eye=0.3)
    assert doubtful.argmax(dim=1).item() == CLASSES.index("skin")
    assert to_regions(doubtful).tolist() == [[[Region.EYES]]]


def test_four_kinds_of_skin_outweigh_hair() -> None:
    pixel = one_pixel(skin=0.2, nose=0.1, left_ear=0.1, right_ear=0.05, hair=0.4)
    assert to_regions(pixel).tolist() == [[[Region.SKIN]]]


@given(PROBABILITIES)
def test_the_region_is_the_one_whose_classes_have_the_largest_sum(probabilities: Tensor) -> None:
    regions = to_regions(probabilities)
    assert (regions.dtype, regions.shape) == (torch.uint8, (1, 2, 3))
    sums = torch.stack([probabilities[0, int(region) == REGION_OF].sum(0) for region in Region])
    chosen = sums.gather(0, regions.long())[0]
    assert chosen.equal(sums.max(dim=0).values)
