from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from paretint.amplify import Gate
from paretint.config import Gate as Limits
from paretint.faces import STYLES, Faces, Pairs, render_pairs
from paretint.regions import changed

SIZE = 64
LIMITS = Limits()


def people(style: str, count: int = 8) -> Pairs:
    return render_pairs(STYLES[style].vector(), count, SIZE, seed=3)


PAIRS = people("rose")


def faces(pairs: Pairs) -> Faces:
    return Faces(pairs.names, pairs.before, pairs.regions)


def verdicts(after: Tensor, limits: Limits = LIMITS, pairs: Pairs = PAIRS) -> list[str | None]:
    return Gate.of(PAIRS, limits).verdicts(faces(pairs), after)


def test_the_source_pairs_themselves_pass_the_strictest_gate() -> None:
    strictest = Limits(outside=0.05, identity=0.0, residual=1e-6)
    assert verdicts(PAIRS.after, strictest) == [None] * len(PAIRS)


@given(st.permutations(range(len(PAIRS))), st.integers(1, len(PAIRS)))
def test_the_verdict_of_a_pair_does_not_depend_on_the_others(order: list[int], count: int) -> None:
    chosen = order[:count]
    after = PAIRS.after.roll(1, 0)
    after[::2] = PAIRS.after[::2]
    gate = Gate.of(PAIRS.first(3), LIMITS)
    alone = gate.verdicts(faces(PAIRS).at(chosen), after[chosen])
    together = gate.verdicts(faces(PAIRS), after)
    assert alone == [together[index] for index in chosen]


def test_a_change_where_makeup_cannot_be() -> None:
    assert PAIRS.regions is not None
    after = PAIRS.after.clone()
    outside = (changed(PAIRS.regions, SIZE) == 0).expand_as(after)
    after[outside] = 255 - after[outside]
    assert verdicts(after) == ["outside"] * len(PAIRS)


def test_another_face_within_the_mask() -> None:
    assert PAIRS.regions is not None
    inside = (changed(PAIRS.regions, SIZE) > 0).expand_as(PAIRS.after)
    after = torch.where(inside, PAIRS.after.flip(2), PAIRS.before)
    assert verdicts(after) == ["identity"] * len(PAIRS)


def test_a_makeup_that_no_source_pair_has() -> None:
    assert PAIRS.regions is not None
    inside = (changed(PAIRS.regions, SIZE) > 0).expand_as(PAIRS.after)
    green = PAIRS.before.clone()
    green[:, 1] = (green[:, 1].int() + 90).clamp(max=255).to(torch.uint8)
    assert verdicts(torch.where(inside, green, PAIRS.before)) == ["residual"] * len(PAIRS)


def test_a_face_whose_mask_selects_nothing() -> None:
    assert PAIRS.regions is not None
    bare = Pairs(PAIRS.names, PAIRS.before, PAIRS.before, torch.zeros_like(PAIRS.regions))
    assert verdicts(bare.before, pairs=bare) == ["unchanged"] * len(PAIRS)


def test_a_distance_of_known_changes() -> None:
    """The style changes one zone by (3, 0, 0) and the other by (0, 4, 0): its size is 5."""
    changes = torch.zeros(2, 2, 3)
    changes[:, 0, 0], changes[:, 1, 1] = 3, 4
    changes[0, 0, 2], changes[1, 0, 2] = 1, -1
    gate = Gate(LIMITS, ("face",), 1.0, changes, 5.0, least_amount=0.0, least_structure=0.0)
    seen = torch.tensor([[3.0, 0, 1], [0, 4, 0]])
    assert gate.distance(seen) == 0
    assert gate.distance(seen + torch.tensor([[0.0, 0, 0], [0, 0, 2.5]])) == pytest.approx(0.5)
    without = seen.clone()
    without[1] = torch.nan
    assert gate.distance(without) == 0
    assert gate.distance(torch.full((2, 3), torch.nan)) == float("inf")
    assert replace(gate, strength=0.5).distance(seen / 2) == 0
    assert replace(gate, strength=0.0).distance(seen) == pytest.approx(26**0.5 / 5)


LOOSEST = Limits(outside=1.0, identity=1.0, residual=1e6)


def test_a_photo_that_is_left_as_it_is_passes_no_gate() -> None:
    assert verdicts(PAIRS.before, LOOSEST) == ["unchanged"] * len(PAIRS)
    assert verdicts(PAIRS.after, LOOSEST) == [None] * len(PAIRS)


@pytest.mark.parametrize("strength", [0.0, 0.5, 0.8])
def test_makeup_of_another_strength_is_held_to_that_strength(strength: float) -> None:
    before, after = PAIRS.before.float(), PAIRS.after.float()
    made = (before + strength * (after - before)).round().clamp(0, 255).to(torch.uint8)
    asked = Gate.of(PAIRS, Limits(residual=0.3), strength=strength)
    assert asked.verdicts(faces(PAIRS), made) == [None] * len(PAIRS)
    strict = Gate.of(PAIRS, Limits(residual=1e-6))
    assert None not in strict.verdicts(faces(PAIRS), made)


def test_photos_without_regions_are_judged_as_one_zone() -> None:
    blind = Pairs(PAIRS.names, PAIRS.before, PAIRS.after, None)
    gate = Gate.of(blind, Limits(residual=1e-6))
    assert gate.verdicts(faces(blind), blind.after) == [None] * len(PAIRS)
    assert gate.verdicts(faces(blind), blind.before) == ["unchanged"] * len(PAIRS)
    strangers = gate.verdicts(faces(blind), blind.after.roll(1, 0))
    assert set(strangers) <= {"identity", "residual"}


def test_makeup_of_chosen_parts_is_judged_by_those_alone() -> None:
    gate = Gate.of(PAIRS, Limits(outside=0.5, residual=1e-6), ("lips",))
    assert gate.verdicts(faces(PAIRS), PAIRS.after.roll(1, 0)) != [None] * len(PAIRS)
    whole = Gate.of(PAIRS, Limits(outside=0.05)).verdicts(faces(PAIRS), PAIRS.after)
    lips = Gate.of(PAIRS, Limits(outside=0.05), ("lips",)).verdicts(faces(PAIRS), PAIRS.after)
    assert whole == [None] * len(PAIRS)
    assert lips == ["outside"] * len(PAIRS)
