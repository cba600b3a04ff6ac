"""Views: what happens to a photo happens to its map."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import max_pool2d, pad

from paretint.faces import to_bytes, to_float
from paretint.regions import CLASSES, Labelled
from paretint.regions.augment import ALIGNED, WIDE, Views, view
from paretint.regions.labelled import table_of

STILL = Views(turn=0, shear=0, shift=0, zoom=(1, 1), brightness=0, contrast=0, saturation=0, hue=0)
UNCOLOURED = replace(ALIGNED, brightness=0, contrast=0, saturation=0, hue=0)

SEEDS = st.integers(0, 2**32)
SIZE = 48
EACH = table_of(tuple(frozenset({name}) for name in CLASSES))


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def seen(
    labelled: Labelled, views: Views, seed: int, count: int = 1
) -> tuple[Tensor, Tensor, Tensor]:
    """Views of the first photo."""
    return view(labelled, torch.zeros(count, dtype=torch.int64), views, generator(seed))


@pytest.fixture(scope="module")
def blocks() -> Labelled:
    """A map of blocks of 16 pixels, no two alike, and a photo with a colour for each class."""
    blocks = torch.randperm(len(CLASSES), generator=generator(0))[:9].view(3, 3)
    labels = blocks.repeat_interleave(16, 0).repeat_interleave(16, 1).to(torch.uint8)[None]
    colours = torch.randint(256, (len(CLASSES), 3), generator=generator(1), dtype=torch.uint8)
    photos = colours[labels.long()].permute(0, 3, 1, 2).contiguous()
    return Labelled(("blocks",), photos, labels, EACH)


@pytest.fixture(scope="module")
def noise() -> Labelled:
    shape = 1, 3, SIZE, SIZE
    photos = torch.randint(256, shape, generator=generator(0), dtype=torch.uint8)
    labels = torch.randint(len(CLASSES), (1, SIZE, SIZE), generator=generator(1))
    return Labelled(("noise",), photos, labels.to(torch.uint8), EACH)


def inside_blocks(labels: Tensor) -> Tensor:
    """Where a pixel and the two rings around it lie in the view, of one label, bool [N, S, S]."""
    values = labels[:, None].float()
    most, least = (sign * max_pool2d(sign * values, 5, 1) for sign in (1, -1))
    return pad(most == least, (2, 2, 2, 2))[:, 0]


@given(SEEDS)
def test_a_photo_and_its_map_move_together(blocks: Labelled, seed: int) -> None:
    photos, labels, _ = seen(blocks, UNCOLOURED, seed)
    colour_of = torch.zeros(len(CLASSES), 3)
    colour_of[blocks.labels.long()] = to_float(blocks.photos).permute(0, 2, 3, 1)
    inside = inside_blocks(labels)
    assert inside.float().mean() > 0.2
    expected = colour_of[labels.long()][inside]
    torch.testing.assert_close(photos.permute(0, 2, 3, 1)[inside], expected, atol=1e-4, rtol=0)


@given(SEEDS)
def test_inside_the_photo_a_pixel_may_be_what_its_row_says(blocks: Labelled, seed: int) -> None:
    _, labels, allowed = seen(blocks, ALIGNED, seed)
    outside = allowed.all(dim=-1)
    assert (allowed.sum(dim=-1)[~outside] == 1).all()
    rows = allowed.int().argmax(dim=-1)
    names = [name.partition("_")[2] or name for name in CLASSES]
    kinds = torch.tensor([names.index(name) for name in names])
    assert kinds[rows][~outside].equal(kinds[labels.long()][~outside])


def test_still_views_are_the_photo_or_its_mirror(noise: Labelled) -> None:
    photos, labels, allowed = seen(noise, STILL, seed=0, count=16)
    mirrored = 0
    for photo, rows, may_be in zip(photos, labels, allowed, strict=True):
        flipped = not rows.equal(noise.labels[0])
        mirrored += flipped
        straight = (noise.photos[0], noise.labels[0])
        expected = [part.flip(-1) for part in straight] if flipped else straight
        assert to_bytes(photo[None])[0].equal(expected[0])
        assert rows.equal(expected[1])
        assert not may_be.all(dim=-1).any()
    assert 0 < mirrored < 16


def test_a_flip_makes_left_eyes_right_ones() -> None:
    """Of whoever looks into the camera, the right eye is on the photo's left, flipped or not."""
    sets = frozenset({"right_eye"}), frozenset({"left_eye", "background"})
    labels = torch.arange(2, dtype=torch.uint8).repeat_interleave(4).expand(1, 8, 8).contiguous()
    photos = 255 * labels[:, None].expand(-1, 3, -1, -1)
    face = Labelled(("face",), photos, labels, table_of(sets))
    moved, _, allowed = seen(face, STILL, seed=0, count=16)
    assert len(moved[:, 0, 0, 0].round().unique()) == 2
    flipped = moved[:, 0, 0, 0] > 0.5
    right, left, back = (CLASSES.index(name) for name in ("right_eye", "left_eye", "background"))
    for may_be, turned in zip(allowed, flipped, strict=True):
        on_left, on_right = may_be[0, 0], may_be[0, 7]
        assert on_left.nonzero().flatten().tolist() == ([back, right] if turned else [right])
        assert on_right.nonzero().flatten().tolist() == ([left] if turned else [back, left])
        assert (may_be[:, :4] == on_left).all()
        assert (may_be[:, 4:] == on_right).all()


def test_what_lies_outside_the_photo_may_be_any_class(noise: Labelled) -> None:
    _, _, allowed = seen(noise, replace(STILL, zoom=(0.5, 0.5)), seed=0, count=4)
    outside = torch.ones(SIZE, SIZE, dtype=torch.bool)
    outside[SIZE // 4 : -SIZE // 4, SIZE // 4 : -SIZE // 4] = False
    assert (allowed.all(dim=-1) == outside).all()
    assert (allowed[:, ~outside].sum(dim=-1) == 1).all()


def test_a_zoom_shows_the_photo_larger(blocks: Labelled) -> None:
    _, labels, allowed = seen(blocks, replace(STILL, zoom=(2, 2)), seed=0, count=4)
    middle = blocks.labels[0, 12:-12, 12:-12].repeat_interleave(2, 0).repeat_interleave(2, 1)
    assert all(rows.equal(middle) or rows.equal(middle.flip(-1)) for rows in labels)
    assert not allowed.all(dim=-1).any()


@pytest.mark.parametrize("limit", ["turn", "shear", "shift"])
def test_each_limit_moves_the_map(blocks: Labelled, limit: str) -> None:
    views = replace(STILL, **{limit: getattr(ALIGNED, limit)})
    _, labels, _ = seen(blocks, views, seed=0, count=8)
    assert len(labels.flatten(1).unique(dim=0)) > 4


@pytest.mark.parametrize("limit", ["brightness", "contrast", "saturation", "hue"])
def test_each_light_recolours_the_photo_and_leaves_the_map(blocks: Labelled, limit: str) -> None:
    views = replace(STILL, **{limit: getattr(ALIGNED, limit)})
    photos, labels, _ = seen(blocks, views, 0, count=8)
    assert len(photos.mean(dim=(2, 3)).round(decimals=5).unique(dim=0)) == 8
    assert len(labels.flatten(1).unique(dim=0)) == 2


@given(SEEDS, st.sampled_from([ALIGNED, WIDE]))
def test_colours_stay_colours(noise: Labelled, seed: int, views: Views) -> None:
    photos, labels, allowed = seen(noise, views, seed)
    assert photos.isfinite().all()
    assert photos.min() >= 0
    assert photos.max() <= 1
    assert labels.max() < len(CLASSES)
    assert allowed.any(dim=-1).all()


def test_the_same_generator_gives_the_same_views(noise: Labelled) -> None:
    first, again, other = (seen(noise, ALIGNED, seed, count=3) for seed in (5, 5, 6))
    assert all(one.equal(two) for one, two in zip(first, again, strict=True))
    assert not first[0].equal(other[0])
    assert not first[1].equal(other[1])


def test_views_leave_their_photos_alone(noise: Labelled) -> None:
    before = noise.photos.clone(), noise.labels.clone(), noise.table.clone()
    seen(noise, WIDE, seed=0, count=4)
    after = noise.photos, noise.labels, noise.table
    assert all(one.equal(two) for one, two in zip(before, after, strict=True))


def test_views_are_of_the_chosen(blocks: Labelled, noise: Labelled) -> None:
    both = Labelled(
        ("blocks", "noise"),
        torch.cat([blocks.photos, noise.photos]),
        torch.cat([blocks.labels, noise.labels]),
        EACH,
    )
    photos, _, _ = view(both, torch.tensor([1, 0]), STILL, generator(0))
    for photo, source in zip(to_bytes(photos), (noise, blocks), strict=True):
        assert photo.equal(source.photos[0]) or photo.equal(source.photos[0].flip(-1))
