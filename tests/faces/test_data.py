from __future__ import annotations

import pytest
import torch

from paretint.faces import Faces, Pairs, to_bytes, to_float


def faces(count: int, regions: bool = True) -> Faces:
    photos = torch.arange(count, dtype=torch.uint8)[:, None, None, None].expand(-1, 3, 4, 4)
    return Faces(tuple(map(str, range(count))), photos, photos[:, 0] if regions else None)


def pairs(count: int, regions: bool = True) -> Pairs:
    one = faces(count, regions)
    return Pairs(one.names, one.photos, one.photos + 100, one.regions)


def test_eight_bits_go_there_and_back() -> None:
    levels = torch.arange(256, dtype=torch.uint8)
    assert to_bytes(to_float(levels)).equal(levels)
    assert (to_float(levels)[0], to_float(levels)[-1]) == (0, 1)


def test_floats_are_rounded_and_clipped() -> None:
    floats = torch.tensor([-1.0, 0.4 / 255, 0.6 / 255, 1.0, 2.0])
    assert to_bytes(floats).tolist() == [0, 0, 1, 255, 255]


@pytest.mark.parametrize("regions", [True, False])
def test_take(regions: bool) -> None:
    taken = faces(5, regions).take(1, 3)
    assert (len(taken), taken.names) == (2, ("1", "2"))
    assert taken.photos[:, 0, 0, 0].tolist() == [1, 2]
    assert (taken.regions is not None) == regions


@pytest.mark.parametrize("regions", [True, False])
def test_first(regions: bool) -> None:
    first = pairs(5, regions).first(2)
    assert (len(first), first.names) == (2, ("0", "1"))
    assert first.after[:, 0, 0, 0].tolist() == [100, 101]
    assert (first.regions is not None) == regions


def test_first_of_fewer_is_all() -> None:
    assert len(pairs(3).first(10)) == 3


@pytest.mark.parametrize("regions", [True, False])
def test_some(regions: bool) -> None:
    some = pairs(5, regions).at([3, 0, 3])
    assert some.names == ("3", "0", "3")
    assert some.before[:, 0, 0, 0].tolist() == [3, 0, 3]
    assert some.after[:, 0, 0, 0].tolist() == [103, 100, 103]
    assert (some.regions is not None) == regions


@pytest.mark.parametrize(("one", "other"), [(True, True), (True, False), (False, True)])
def test_a_sum_knows_regions_where_both_do(one: bool, other: bool) -> None:
    both = pairs(2, one) + pairs(1, other)
    assert both.names == ("0", "1", "0")
    assert both.before[:, 0, 0, 0].tolist() == [0, 1, 0]
    assert both.after[:, 0, 0, 0].tolist() == [100, 101, 100]
    assert (both.regions is not None) == (one and other)


@pytest.mark.parametrize(("one", "other"), [(True, True), (True, False), (False, True)])
def test_a_sum_of_faces_knows_regions_where_both_do(one: bool, other: bool) -> None:
    both = faces(2, one) + faces(1, other)
    assert both.names == ("0", "1", "0")
    assert both.photos[:, 0, 0, 0].tolist() == [0, 1, 0]
    if one and other:
        assert both.regions is not None
        assert both.regions.equal(both.photos[:, 0])
    else:
        assert both.regions is None
