from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch
from torch import Tensor

from paretint.faces.procedural.anatomy import Masks, measure
from paretint.faces.procedural.canvas import Canvas
from paretint.faces.procedural.people import People, draw_people


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(64, torch.Generator().manual_seed(0))


def masks(people: People) -> Masks:
    return measure(Canvas.of(people, 48), people, torch.Generator().manual_seed(0))


def area(mask: Tensor) -> float:
    return mask.sum().item()


def test_covers_are_shares(people: People) -> None:
    drawn = masks(people)
    for field in fields(Masks):
        cover = getattr(drawn, field.name)
        assert cover.shape == (64, 48, 48), field.name
        assert 0 <= cover.min() <= cover.max() <= 1, field.name


@pytest.mark.parametrize("part", ["lips", "mouth", "eyes", "lid", "lash", "socket", "brows"])
def test_features_are_on_the_skin(people: People, part: str) -> None:
    drawn = masks(people)
    assert (getattr(drawn, part) <= drawn.skin).all()
    assert area(getattr(drawn, part)) > 0


def test_lips_leave_the_mouth_open(people: People) -> None:
    drawn = masks(people)
    assert ((drawn.lips + drawn.mouth) <= 1 + 1e-6).all()
    closed = masks(replace(people, parted=torch.zeros(64)))
    assert area(closed.mouth) == 0
    wide = masks(replace(people, parted=torch.full((64,), 0.09)))
    assert area(wide.mouth) > area(drawn.mouth)


def test_closed_eyes_show_less(people: People) -> None:
    shut, open_ = (
        masks(replace(people, openness=torch.full((64,), share))) for share in (0.1, 1.0)
    )
    assert area(shut.eyes) < 0.5 * area(open_.eyes)


def test_glasses_are_on_those_who_wear_them(people: People) -> None:
    drawn = masks(people)
    worn = people.glasses.bool()
    assert drawn.frame[worn].flatten(1).any(dim=1).all()
    assert area(drawn.frame[~worn]) == area(drawn.lens[~worn]) == 0


def test_strands_fall_over_the_face_of_those_who_have_them(people: People) -> None:
    def over_skin(there: float) -> float:
        strands = people.strands.clone()
        strands[:, 0] = there
        drawn = masks(replace(people, strands=strands))
        return area(drawn.front_hair * drawn.skin)

    assert over_skin(1.0) > 1.2 * over_skin(0.0)
