from __future__ import annotations

from typing import ClassVar

import pytest
import torch
from torch import Tensor

from paretint.amplify.fitting import fine_tune
from paretint.amplify.network import ResidualUNet
from paretint.amplify.style_code import style_code
from paretint.config import RdmSmall
from paretint.faces import STYLES, Pairs, render_pairs, to_float

SIZE = 32


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return render_pairs(STYLES["rose"].vector(), 3, SIZE, seed=0)


def silent(_step: int) -> None:
    pass


def weights(network: ResidualUNet) -> Tensor:
    return torch.cat([weight.flatten() for weight in network.parameters()])


def test_no_step_leaves_the_base_as_it_is_and_reads_the_style(
    network: ResidualUNet, pairs: Pairs, settings: RdmSmall
) -> None:
    none = settings.model_copy(update={"fine_tune_steps": 0})
    fitted, code = fine_tune(network, pairs, none, 0, silent)
    assert weights(fitted).equal(weights(network))
    assert code.equal(style_code(to_float(pairs.before), to_float(pairs.after), pairs.regions))


def test_fine_tuning_changes_a_copy_and_tells_of_each_step(
    network: ResidualUNet, pairs: Pairs, settings: RdmSmall
) -> None:
    before = weights(network)
    told: list[int] = []
    fitted, _ = fine_tune(network, pairs, settings, 0, told.append)
    assert told == [1, 2]
    assert not weights(fitted).equal(before)
    assert weights(network).equal(before)
    assert not fitted.training


def test_the_same_seed_gives_the_same_network(
    network: ResidualUNet, pairs: Pairs, settings: RdmSmall
) -> None:
    first, again, other = (
        weights(fine_tune(network, pairs, settings, seed, silent)[0]) for seed in (0, 0, 1)
    )
    assert first.equal(again)
    assert not first.equal(other)


class Witness(ResidualUNet):
    """A base that keeps the photos it is shown, its copies' too."""

    seen: ClassVar[list[Tensor]] = []

    def forward(
        self, noisy: Tensor, time: Tensor, photo: Tensor, masks: Tensor, code: Tensor
    ) -> Tensor:
        self.seen.extend(photo)
        return super().forward(noisy, time, photo, masks, code)


def test_no_photo_is_shown_twice_in_one_place(pairs: Pairs, settings: RdmSmall) -> None:
    fine_tune(Witness(), pairs, settings, 0, silent)
    photos = [*to_float(pairs.before), *Witness.seen]
    assert len(photos) == 3 + 4
    assert len(torch.stack(photos).flatten(1).unique(dim=0)) == len(photos)


def test_a_loss_that_is_no_number_is_told(
    network: ResidualUNet, pairs: Pairs, settings: RdmSmall
) -> None:
    wild = settings.model_copy(update={"learning_rate": 1e30, "fine_tune_steps": 5})
    with pytest.raises(
        FloatingPointError, match=r"the amplifier's loss is (nan|inf) at step [1-4]"
    ):
        fine_tune(network, pairs, wild, 0, silent)
