from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from paretint.faces import STYLES, Pairs, Region, random_styles, render_pairs
from paretint.regions import around_eyes, changed, dilate, of

ROSE = STYLES["rose"].vector()
BARE = replace(
    STYLES["rose"],
    lips_opacity=0.0,
    lips_gloss=0.0,
    shadow_opacity=0.0,
    liner_opacity=0.0,
    blush_opacity=0.0,
    foundation=0.0,
)


def render(count: int = 32, size: int = 32, seed: int = 0, **style: Any) -> Pairs:
    """Faces in bare skin but for what of the style is told."""
    return render_pairs(replace(BARE, **style).vector(), count, size, seed)


def regions_of(pairs: Pairs) -> Tensor:
    assert pairs.regions is not None
    return pairs.regions


@given(st.integers(1, 70), st.integers(0, 40), st.integers(0, 2**40))
@settings(max_examples=15)
def test_a_larger_count_begins_with_the_faces_of_a_smaller(
    count: int, more: int, seed: int
) -> None:
    few, many = (render_pairs(ROSE, many, 16, seed) for many in (count, count + more))
    assert many.names[:count] == few.names
    assert many.before[:count].equal(few.before)
    assert many.after[:count].equal(few.after)
    assert regions_of(many)[:count].equal(regions_of(few))


@pytest.mark.parametrize("count", [31, 32, 33, 64, 65])
def test_every_face_is_another_across_the_chunks_it_is_drawn_in(count: int) -> None:
    pairs = render_pairs(ROSE, count, 16, 0)
    assert len(pairs) == count == len(set(pairs.names))
    assert len(pairs.before.flatten(1).unique(dim=0)) == count


def test_shapes_and_names() -> None:
    pairs = render_pairs(ROSE, 3, 48, 7)
    assert pairs.names == ("face-7-00000", "face-7-00001", "face-7-00002")
    assert pairs.before.shape == pairs.after.shape == (3, 3, 48, 48)
    assert regions_of(pairs).shape == (3, 48, 48)
    assert pairs.before.dtype == pairs.after.dtype == regions_of(pairs).dtype == torch.uint8


def test_faces_are_their_seed_s() -> None:
    first, again, other = (render_pairs(ROSE, 4, 32, seed) for seed in (0, 0, 1))
    assert first.after.equal(again.after)
    assert not first.before.equal(other.before)


def test_the_same_person_wears_any_style() -> None:
    one, other = (render_pairs(STYLES[name].vector(), 4, 32, 0) for name in ("rose", "plum"))
    assert one.before.equal(other.before)
    assert regions_of(one).equal(regions_of(other))
    assert not one.after.equal(other.after)


def test_each_face_may_have_a_look_of_its_own() -> None:
    looks = random_styles(35, torch.Generator().manual_seed(0))
    pairs = render_pairs(looks, 35, 16, 0)
    for index in (0, 31, 34):
        assert pairs.after[index].equal(render_pairs(looks[index], 35, 16, 0).after[index])


def test_without_makeup_the_after_is_the_before() -> None:
    bare = render()
    assert bare.after.equal(bare.before)


@pytest.mark.parametrize("style", STYLES)
def test_makeup_stays_where_it_may_be(style: str) -> None:
    pairs = render_pairs(STYLES[style].vector(), 64, 64, 0)
    change = (pairs.after.int() - pairs.before.int()).abs().amax(dim=1, keepdim=True)
    outside = changed(regions_of(pairs), 64) == 0
    assert change[outside].float().mean() < 0.001 * change[~outside].float().mean()
    assert change[outside].max() < 32


@pytest.mark.parametrize(
    ("makeup", "place"),
    [
        ({"lips_opacity": 1.0}, "lips"),
        ({"lips_gloss": 1.0}, "lips"),
        ({"shadow_opacity": 1.0, "shadow_extent": 1.0}, "eyes"),
        ({"liner_opacity": 1.0, "liner_width": 1.0, "liner_wing": 1.0}, "eyes"),
    ],
    ids=["lipstick", "gloss", "shadow", "liner"],
)
def test_makeup_is_at_its_place(makeup: dict[str, float], place: str) -> None:
    pairs = render(64, 64, **makeup)
    labels = regions_of(pairs)
    near = dilate(of(labels, 64, Region.LIPS), 1) if place == "lips" else around_eyes(labels, 64)
    change = (pairs.after.int() - pairs.before.int()).abs().sum(dim=1, keepdim=True)
    assert (change * near).sum() > 0.95 * change.sum() > 0


def test_lipstick_has_its_colour() -> None:
    red = render(200, 32, lips_opacity=1.0, lips=(1.0, 0.0, 0.0))
    lips = of(regions_of(red), 32, Region.LIPS)
    before, after = (
        ((photo * lips).sum((0, 2, 3)) / lips.sum()) for photo in (red.before, red.after)
    )
    assert after[0] > before[0] + 30
    assert after[1] < 0.5 * before[1]
    assert after[2] < 0.5 * before[2]


def test_every_region_is_shown_in_its_measure() -> None:
    labels = regions_of(render_pairs(ROSE, 200, 64, 0))
    shares = {region: (labels == region).float().mean().item() for region in Region}
    assert sum(shares.values()) == pytest.approx(1)
    assert 0.2 < shares[Region.SKIN] < 0.5
    assert all(0.001 < share < 0.5 for share in shares.values())
    assert all((labels == Region.SKIN).flatten(1).any(dim=1))


def test_regions_are_where_they_are_at_any_size() -> None:
    small, large = (regions_of(render_pairs(ROSE, 32, size, 0)) for size in (32, 96))
    assert (large[:, 1::3, 1::3] == small).float().mean() > 0.95
