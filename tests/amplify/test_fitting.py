from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
import torch
from torch import Tensor

from paretint.amplify import FittedAmplifier, fit
from paretint.amplify.network import ResidualUNet
from paretint.amplify.style_code import CODE, style_code
from paretint.config import Amplifier
from paretint.faces import STYLES, Faces, Pairs, render_pairs, to_float
from paretint.regions import changed

SIZE = 32


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return render_pairs(STYLES["rose"].vector(), 3, SIZE, seed=0)


@pytest.fixture
def amplifier(network: ResidualUNet) -> FittedAmplifier:
    """An untrained one, whose residuals are as large as noise."""
    return FittedAmplifier(network, torch.zeros(CODE))


def faces(pairs: Pairs) -> Faces:
    return Faces(pairs.names, pairs.before, pairs.regions)


def noise(pairs: Pairs) -> Tensor:
    return torch.randn(pairs.before.shape, generator=torch.Generator().manual_seed(0))


def silent(_step: int) -> None:
    pass


def weights(amplifier: FittedAmplifier) -> Tensor:
    return torch.cat([weight.flatten() for weight in amplifier.network.parameters()])


def test_no_step_leaves_the_base_as_it_is_and_reads_the_style(
    network: ResidualUNet, pairs: Pairs, settings: Amplifier
) -> None:
    fitted = fit(network, pairs, settings.model_copy(update={"fine_tune_steps": 0}), 0, silent)
    assert weights(fitted).equal(weights(FittedAmplifier(network, fitted.code)))
    code = style_code(to_float(pairs.before), to_float(pairs.after), pairs.regions)
    assert fitted.code.equal(code)


def test_fine_tuning_changes_a_copy_and_tells_of_each_step(
    network: ResidualUNet, pairs: Pairs, settings: Amplifier
) -> None:
    before = weights(FittedAmplifier(network, torch.zeros(CODE)))
    told: list[int] = []
    fitted = fit(network, pairs, settings, 0, told.append)
    assert told == [1, 2]
    assert not weights(fitted).equal(before)
    assert weights(FittedAmplifier(network, torch.zeros(CODE))).equal(before)
    assert not fitted.network.training


def test_the_same_seed_gives_the_same_amplifier(
    network: ResidualUNet, pairs: Pairs, settings: Amplifier
) -> None:
    first, again, other = (fit(network, pairs, settings, seed, silent) for seed in (0, 0, 1))
    assert weights(first).equal(weights(again))
    assert not weights(first).equal(weights(other))


def test_fine_tuning_brings_the_residual_closer_to_the_makeup(
    network: ResidualUNet, pairs: Pairs, settings: Amplifier
) -> None:
    longer = settings.model_copy(update={"fine_tune_steps": 20, "learning_rate": 2e-3, "batch": 4})

    def error(amplifier: FittedAmplifier) -> float:
        made_up = amplifier.make_up(faces(pairs), noise(pairs), 2, 1.0, 0.8)
        return (to_float(made_up) - to_float(pairs.after)).square().mean().item()

    untrained = fit(network, pairs, settings.model_copy(update={"fine_tune_steps": 0}), 0, silent)
    assert error(fit(network, pairs, longer, 0, silent)) < 0.5 * error(untrained)


class Witness(ResidualUNet):
    """A base that keeps the photos it is shown, its copies' too."""

    seen: ClassVar[list[Tensor]] = []

    def forward(
        self, noisy: Tensor, time: Tensor, photo: Tensor, masks: Tensor, code: Tensor
    ) -> Tensor:
        self.seen.extend(photo)
        return super().forward(noisy, time, photo, masks, code)


def test_no_photo_is_shown_twice_in_one_place(pairs: Pairs, settings: Amplifier) -> None:
    fit(Witness(), pairs, settings, 0, silent)
    photos = [*to_float(pairs.before), *Witness.seen]
    assert len(photos) == 3 + 4
    assert len(torch.stack(photos).flatten(1).unique(dim=0)) == len(photos)


def test_pairs_without_regions_can_be_learned_from(
    network: ResidualUNet, pairs: Pairs, settings: Amplifier
) -> None:
    blind = Pairs(pairs.names, pairs.before, pairs.after, None)
    fitted = fit(network, blind, settings, 0, silent)
    assert not fitted.code.view(6, 9)[1:].any()
    made_up = fitted.make_up(Faces(pairs.names, pairs.before, None), noise(pairs), 2, 1.0, 0.8)
    assert made_up.shape == pairs.before.shape
    assert not made_up.equal(pairs.before)


def test_a_loss_that_is_no_number_is_told(
    network: ResidualUNet, pairs: Pairs, settings: Amplifier
) -> None:
    wild = settings.model_copy(update={"learning_rate": 1e30, "fine_tune_steps": 5})
    with pytest.raises(
        FloatingPointError, match=r"the amplifier's loss is (nan|inf) at step [1-4]"
    ):
        fit(network, pairs, wild, 0, silent)


def test_pixels_that_makeup_may_not_change_are_the_photo_s_own(
    amplifier: FittedAmplifier, pairs: Pairs
) -> None:
    assert pairs.regions is not None
    made_up = amplifier.make_up(faces(pairs), noise(pairs), 2, 2.0, 0.8)
    outside = (changed(pairs.regions) == 0).expand_as(made_up)
    assert made_up[outside].equal(pairs.before[outside])
    assert (made_up[~outside] != pairs.before[~outside]).float().mean() > 0.5


def test_no_strength_is_the_photo_exactly(amplifier: FittedAmplifier, pairs: Pairs) -> None:
    assert amplifier.make_up(faces(pairs), noise(pairs), 2, 0.0, 0.8).equal(pairs.before)


def test_a_saved_amplifier_makes_the_same_photos(
    network: ResidualUNet, pairs: Pairs, settings: Amplifier, tmp_path: Path
) -> None:
    fitted = fit(network, pairs, settings, 0, silent)
    fitted.save(tmp_path)
    loaded = FittedAmplifier.load(tmp_path)
    first, second = (
        amplifier.make_up(faces(pairs), noise(pairs), 2, 1.0, 0.8) for amplifier in (fitted, loaded)
    )
    assert first.equal(second)
