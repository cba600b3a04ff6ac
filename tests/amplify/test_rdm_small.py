from __future__ import annotations

from pathlib import Path

import pytest
import torch

from paretint.amplify import Residuals
from paretint.amplify.network import ResidualUNet
from paretint.amplify.rdm_small import RdmSmall
from paretint.amplify.small_amplifier import SmallAmplifier
from paretint.amplify.style_code import CODE
from paretint.config import RdmSmall as Settings
from paretint.faces import STYLES, Faces, Pairs, render_pairs, seeded, to_bytes, to_float
from paretint.regions import changed

SIZE = 32
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return render_pairs(STYLES["rose"].vector(), 3, SIZE, seed=0)


@pytest.fixture
def amplifier(network: ResidualUNet, settings: Settings) -> SmallAmplifier:
    """An untrained one, whose residuals are as large as noise."""
    return SmallAmplifier(network, torch.zeros(CODE), settings)


def fitted(pairs: Pairs, settings: Settings, untrained: Path) -> SmallAmplifier:
    return RdmSmall(settings, untrained).fit(pairs, 0, CPU, lambda _step: None)


def taken_apart(amplifier: SmallAmplifier, pairs: Pairs, first: int = 0) -> Residuals:
    faces = Faces(pairs.names, pairs.before, pairs.regions).take(first, 3)
    return amplifier.residuals(faces, [seeded(0, index) for index in range(first, 3)])


def test_nothing_of_the_photo_is_lost(amplifier: SmallAmplifier, pairs: Pairs) -> None:
    reconstruction, makeup, detail = taken_apart(amplifier, pairs)
    assert reconstruction.equal(to_float(pairs.before))
    assert makeup.any()
    assert not detail.any()


def test_pixels_that_makeup_may_not_change_are_the_photo_s_own(
    amplifier: SmallAmplifier, pairs: Pairs
) -> None:
    assert pairs.regions is not None
    made_up = to_bytes(taken_apart(amplifier, pairs).after(2.0, 0.8))
    outside = (changed(pairs.regions, SIZE) == 0).expand_as(made_up)
    assert made_up[outside].equal(pairs.before[outside])
    assert (made_up[~outside] != pairs.before[~outside]).float().mean() > 0.5


def test_no_strength_is_the_photo_exactly(amplifier: SmallAmplifier, pairs: Pairs) -> None:
    assert to_bytes(taken_apart(amplifier, pairs).after(0.0, 0.8)).equal(pairs.before)


def test_an_image_does_not_depend_on_those_it_is_drawn_with(
    amplifier: SmallAmplifier, pairs: Pairs
) -> None:
    together, apart = taken_apart(amplifier, pairs), taken_apart(amplifier, pairs, first=2)
    torch.testing.assert_close(together.makeup[2:], apart.makeup, atol=1e-4, rtol=1e-4)


def test_a_saved_amplifier_draws_the_same(
    pairs: Pairs, settings: Settings, untrained: Path, tmp_path: Path
) -> None:
    amplifier = fitted(pairs, settings, untrained)
    amplifier.save(tmp_path)
    loaded = RdmSmall(settings, untrained).load(tmp_path)
    assert taken_apart(amplifier, pairs).makeup.equal(taken_apart(loaded, pairs).makeup)


def test_fine_tuning_brings_the_after_closer_to_the_makeup(
    pairs: Pairs, settings: Settings, untrained: Path
) -> None:
    def error(**changed: float) -> float:
        amplifier = fitted(pairs, settings.model_copy(update=changed), untrained)
        after = taken_apart(amplifier, pairs).after(1.0, 0.8)
        return (after - to_float(pairs.after)).square().mean().item()

    assert error(fine_tune_steps=20, learning_rate=2e-3, batch=4) < 0.5 * error(fine_tune_steps=0)


def test_pairs_without_regions_can_be_learned_from(
    pairs: Pairs, settings: Settings, untrained: Path
) -> None:
    blind = Pairs(pairs.names, pairs.before, pairs.after, None)
    amplifier = fitted(blind, settings, untrained)
    assert not amplifier.code.view(6, 9)[1:].any()
    assert taken_apart(amplifier, blind).makeup.all(dim=1).float().mean() > 0.99
