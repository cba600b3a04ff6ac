from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from paretint.faces import STYLES, Region, render_pairs
from paretint.faces.folders import by_hash
from paretint.regions import CLASSES, Labelled, split
from paretint.regions.labelled import from_pairs, region_table, table_of

NAMES = st.lists(st.text(max_size=3), min_size=1, max_size=12)


def labelled(names: list[str]) -> Labelled:
    """Return photos and maps that hold their place everywhere."""
    place = torch.arange(len(names), dtype=torch.uint8)
    photos = place[:, None, None, None].expand(-1, 3, 2, 2).contiguous()
    return Labelled(tuple(names), photos, photos[:, 0].contiguous(), table_of((frozenset(),)))


def places(part: Labelled) -> list[int]:
    assert part.photos.shape == (len(part), 3, 2, 2)
    assert part.labels.shape == (len(part), 2, 2)
    assert part.photos[:, 2, 1, 1].equal(part.labels[:, 0, 0])
    return part.labels[:, 1, 1].tolist()


@given(NAMES, st.data())
def test_taken_photos_keep_their_maps_and_names(names: list[str], data: st.DataObject) -> None:
    indices = data.draw(st.lists(st.integers(0, len(names) - 1)))
    taken = labelled(names).take(indices)
    assert places(taken) == indices
    assert taken.names == tuple(names[index] for index in indices)


def test_neighbours_are_not_copied() -> None:
    whole = labelled(list("abcd"))
    assert whole.take([1, 2]).photos.data_ptr() == whole.photos[1].data_ptr()
    assert whole.take([2, 1]).photos.data_ptr() != whole.photos[2].data_ptr()


def test_taking_leaves_the_table() -> None:
    assert labelled(["a"]).take([]).table.equal(table_of((frozenset(),)))


@given(NAMES, st.integers(0, 12))
def test_the_names_whose_hashes_come_first_are_held_out(names: list[str], heldout: int) -> None:
    rest, held = split(labelled(names), heldout)
    first = by_hash(set(names))[:heldout]
    assert places(held) == [place for place, name in enumerate(names) if name in first]
    assert places(rest) == [place for place, name in enumerate(names) if name not in first]
    assert set(held.names).isdisjoint(rest.names)


def test_the_split_is_the_same_for_ever() -> None:
    rest, held = split(labelled(list("abcdefgh")), 3)
    assert (held.names, rest.names) == (("c", "d", "f"), ("a", "b", "e", "g", "h"))


def test_of_a_pair_both_photos_are_held_out() -> None:
    pairs = render_pairs(STYLES["rose"].vector(), 4, 32, seed=0)
    whole = from_pairs(pairs)
    rest, held = split(whole, 1)
    [name] = set(held.names)
    index = pairs.names.index(name)
    assert held.photos.equal(torch.stack([pairs.before[index], pairs.after[index]]))
    assert name not in rest.names
    assert len(rest) == 6


def test_regions_are_sets_of_classes() -> None:
    table = region_table()
    assert table.sum(dim=0).tolist() == [1] * len(CLASSES)
    lips = [CLASSES[index] for index in table[Region.LIPS].nonzero()]
    assert lips == ["upper_lip", "lower_lip"]


def test_pairs_without_regions_are_not_labelled() -> None:
    pairs = render_pairs(STYLES["rose"].vector(), 1, 32, seed=0)
    bare = type(pairs)(pairs.names, pairs.before, pairs.after, None)
    with pytest.raises(ValueError, match="no regions"):
        from_pairs(bare)
