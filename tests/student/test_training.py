from __future__ import annotations

import pytest
import torch
from torch import Tensor

from paretint.faces import STYLES, Pairs, render_pairs, to_bytes, to_float
from paretint.quality import psnr
from paretint.student import Schedule, TinyBeauty, Training

SCHEDULE = Schedule(steps=12, batch=4, learning_rate=2e-3)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return render_pairs(STYLES["rose"].vector(), 6, 32, seed=0)


def network() -> TinyBeauty:
    torch.manual_seed(0)
    return TinyBeauty(width=4, blocks=1)


def trained(pairs: Pairs, *rungs: int, seed: int = 0, schedule: Schedule = SCHEDULE) -> Training:
    training = Training(network(), pairs, schedule, seed)
    for rung in rungs:
        training.advance(rung)
    return training


def weights(training: Training) -> Tensor:
    return torch.cat([weight.detach().flatten() for weight in training.network.parameters()])


def test_rungs_lead_where_training_at_one_go_does(pairs: Pairs) -> None:
    assert weights(trained(pairs, 3, 8, 12)).equal(weights(trained(pairs, 12)))


def test_a_look_between_rungs_changes_nothing(pairs: Pairs) -> None:
    training = trained(pairs, 5)
    with torch.inference_mode():
        training.network(to_float(pairs.before))
    training.advance(12)
    assert weights(training).equal(weights(trained(pairs, 12)))


def test_the_same_seed_trains_the_same_student(pairs: Pairs) -> None:
    assert weights(trained(pairs, 4)).equal(weights(trained(pairs, 4)))
    assert not weights(trained(pairs, 4)).equal(weights(trained(pairs, 4, seed=1)))


def test_the_world_s_random_numbers_are_left_alone(pairs: Pairs) -> None:
    expected = weights(trained(pairs, 4))
    training = Training(network(), pairs, SCHEDULE, 0)
    torch.manual_seed(99)
    state = torch.get_rng_state()
    training.advance(4)
    assert weights(training).equal(expected)
    assert torch.get_rng_state().equal(state)


def test_each_step_is_told(pairs: Pairs) -> None:
    told: list[int] = []
    training = trained(pairs, 2)
    training.advance(5, told.append)
    assert told == [3, 4, 5]
    assert training.step == 5
    training.advance(5, told.append)
    assert told == [3, 4, 5]


def test_the_last_step_is_the_slowest(pairs: Pairs) -> None:
    training = trained(pairs, 11)
    before = weights(training)
    training.advance(12)
    last = (weights(training) - before).abs().max()
    first = (weights(trained(pairs, 1)) - weights(trained(pairs))).abs().max()
    assert 0 < last < 0.1 * first


def test_between_rungs_the_network_is_at_rest(pairs: Pairs) -> None:
    assert not trained(pairs, 1).network.training


def test_a_student_learns_the_style(pairs: Pairs) -> None:
    training = trained(pairs, 150, schedule=Schedule(steps=150, batch=6, learning_rate=5e-3))
    with torch.inference_mode():
        made_up = to_bytes(training.network(to_float(pairs.before)))
    gain = psnr(made_up, pairs.after).mean() - psnr(pairs.before, pairs.after).mean()
    assert gain > 1.0


def test_pairs_without_regions_are_learned_from(pairs: Pairs) -> None:
    blind = Pairs(pairs.names, pairs.before, pairs.after, None)
    assert weights(trained(blind, 4)).isfinite().all()
    assert not weights(trained(blind, 4)).equal(weights(trained(pairs, 4)))


def test_a_loss_that_is_no_number_is_told(pairs: Pairs) -> None:
    wild = Schedule(steps=9, batch=4, learning_rate=1e30)
    with pytest.raises(FloatingPointError, match=r"the loss is nan at step [2-9]"):
        trained(pairs, 9, schedule=wild)


def test_a_quarter_of_a_batch_is_of_the_source_pairs(pairs: Pairs) -> None:
    source, amplified = pairs.first(2), pairs
    schedule = Schedule(steps=1, batch=8, learning_rate=1e-3)
    training = Training(network(), source, schedule, 0, amplified)
    draws = torch.stack([training._choose() for _ in range(200)])
    assert ((draws < 2).sum(dim=1) == 2).all()
    assert set(draws.flatten().tolist()) == set(range(2 + len(amplified)))


def test_amplified_pairs_change_what_is_learned(pairs: Pairs) -> None:
    alone = trained(pairs.first(2), 4)
    beside = Training(network(), pairs.first(2), SCHEDULE, 0, amplified=pairs)
    beside.advance(4)
    assert not weights(alone).equal(weights(beside))
