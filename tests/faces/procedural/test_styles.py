from __future__ import annotations

from dataclasses import astuple, fields

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from paretint.faces import STYLES, Style, random_styles
from paretint.faces.procedural.styles import HELD_OUT_DISTANCE

COLOURS = slice(0, 15)


def test_a_style_is_told_in_the_order_of_its_fields() -> None:
    style = Style(*[(i, i + 1, i + 2) for i in range(0, 15, 3)], *range(15, 26))  # type: ignore[arg-type]
    assert style.vector().tolist() == list(range(26))
    assert [field.name for field in fields(Style)][5:8] == [
        "lips_opacity",
        "lips_gloss",
        "shadow_opacity",
    ]


@pytest.mark.parametrize("name", STYLES)
def test_named_styles_are_within_range(name: str) -> None:
    style = STYLES[name]
    assert len(astuple(style)) == 16
    assert style.vector().shape == (26,)
    assert 0 <= style.vector().min() <= style.vector().max() <= 1


@given(st.integers(0, 200), st.integers(0, 2**32))
def test_random_styles_keep_their_distance_from_named_ones(count: int, seed: int) -> None:
    styles = random_styles(count, torch.Generator().manual_seed(seed))
    assert styles.shape == (count, 26)
    assert ((styles >= 0) & (styles <= 1)).all()
    for named in STYLES.values():
        difference = styles[:, COLOURS] - named.vector()[COLOURS]
        distance = difference.square().mean(dim=1).sqrt()
        assert (distance > HELD_OUT_DISTANCE - 1e-6).all()


def test_the_distance_turns_some_styles_away() -> None:
    """Or else it would hold nothing out."""
    from paretint.faces.procedural import styles

    generator = torch.Generator().manual_seed(0)
    drawn = styles._LOW + (styles._HIGH - styles._LOW) * torch.rand(5000, 26, generator=generator)
    named = torch.stack([style.vector() for style in STYLES.values()])
    difference = drawn[:, None, COLOURS] - named[:, COLOURS]
    near = difference.square().mean(dim=2).sqrt().min(dim=1).values <= HELD_OUT_DISTANCE
    assert 0.005 < near.float().mean() < 0.9


def test_random_styles_are_their_seed_s() -> None:
    one, again, other = (
        random_styles(5, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)
    )
    assert one.equal(again)
    assert not one.equal(other)
    assert len(one.unique(dim=0)) == 5
