from __future__ import annotations

from dataclasses import fields

import pytest
import torch

from paretint.faces.procedural.people import MONK_TONES, People, draw_people


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(2000, torch.Generator().manual_seed(0))


def test_everything_is_told_of_everyone(people: People) -> None:
    assert len(people) == 2000
    for field in fields(People):
        values = getattr(people, field.name)
        assert len(values) == 2000, field.name
        assert values.isfinite().all(), field.name
        assert values.dtype == torch.float32, field.name


def test_skin_tones_span_the_human_range_and_are_alike_often(people: People) -> None:
    nearest = torch.cdist(people.skin, MONK_TONES).argmin(dim=1)
    counts = torch.bincount(nearest, minlength=10)
    assert (counts > 0.02 * len(people)).all()
    light = people.skin.mean(dim=1)
    assert light.min() < 0.17
    assert light.max() > 0.91


@pytest.mark.parametrize(
    ("field", "share"),
    [("glasses", 0.22), ("beard", 0.22), ("long_hair", 0.6), ("parted", 0.45)],
)
def test_some_have_it_and_others_not(people: People, field: str, share: float) -> None:
    having = (getattr(people, field) > 0).float().mean().item()
    assert having == pytest.approx(share, abs=0.04)


def test_a_part_of_the_people(people: People) -> None:
    part = people.take(10, 13)
    assert len(part) == 3
    assert part.skin.equal(people.skin[10:13])
    assert part.frame.equal(people.frame[10:13])
