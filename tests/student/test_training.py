from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from paretint import UserError
from paretint.faces import STYLES, Pairs, render_pairs, to_bytes, to_float
from paretint.quality import lpips_distance, psnr
from paretint.student import Schedule, TinyBeauty, Training, Weights, student_loss

TORCH_HOME = Path(__file__).parents[3] / "shared" / "data" / "torch_home"
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


def weights_of(training: Training) -> Tensor:
    return torch.cat([weight.detach().flatten() for weight in training.network.parameters()])


def test_rungs_lead_where_training_at_one_go_does(pairs: Pairs) -> None:
    assert weights_of(trained(pairs, 3, 8, 12)).equal(weights_of(trained(pairs, 12)))


def test_a_look_between_rungs_changes_nothing(pairs: Pairs) -> None:
    training = trained(pairs, 5)
    with torch.inference_mode():
        training.network(to_float(pairs.before))
    training.advance(12)
    assert weights_of(training).equal(weights_of(trained(pairs, 12)))


def test_the_same_seed_trains_the_same_student(pairs: Pairs) -> None:
    assert weights_of(trained(pairs, 4)).equal(weights_of(trained(pairs, 4)))
    assert not weights_of(trained(pairs, 4)).equal(weights_of(trained(pairs, 4, seed=1)))


def test_the_world_s_random_numbers_are_left_alone(pairs: Pairs) -> None:
    expected = weights_of(trained(pairs, 4))
    training = Training(network(), pairs, SCHEDULE, 0)
    torch.manual_seed(99)
    state = torch.get_rng_state()
    training.advance(4)
    assert weights_of(training).equal(expected)
    assert torch.get_rng_state().equal(state)


def test_batches_and_the_network_follow_the_device(pairs: Pairs) -> None:
    """The meta device refuses what lies on another, as a GPU does; it knows no fused Adam."""
    student = network()
    training = Training(student, pairs, SCHEDULE, 0, pairs, device=torch.device("meta"))
    before, after, eyes = training._batch()
    weights = Weights(l1=1.0, ssim=0.2, eyeliner=0.0)  # the last looks where the eyes are
    loss = student_loss(training._made_up(before), after, eyes, weights)
    assert (loss.device.type, eyes.device.type) == ("meta", "meta")
    assert next(student.parameters()).device.type == "cpu"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_a_gpu_trains_as_the_processor_does(pairs: Pairs, norm: str) -> None:
    def learned(device: str, steps: int = 3) -> Tensor:
        torch.manual_seed(0)
        student = TinyBeauty(width=4, blocks=1, norm=norm)
        schedule = replace(SCHEDULE, ema=0.9, qat=0.5, weights=Weights(1.0, 0.2, 0.0, 0.5))
        training = Training(student, pairs, schedule, 0, pairs, device=torch.device(device))
        training.advance(steps)
        return weights_of(training)

    with torch.backends.cudnn.flags(allow_tf32=False):
        apart = (learned("cuda") - learned("cpu")).abs().mean()
    moved = (learned("cpu") - learned("cpu", steps=0)).abs().mean()
    assert apart < 0.01 * moved  # Adam's first steps are as long where a gradient is all but 0


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
    before = weights_of(training)
    training.advance(12)
    last = (weights_of(training) - before).abs().max()
    first = (weights_of(trained(pairs, 1)) - weights_of(trained(pairs))).abs().max()
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
    assert weights_of(trained(blind, 4)).isfinite().all()
    assert not weights_of(trained(blind, 4)).equal(weights_of(trained(pairs, 4)))


def test_a_loss_that_is_no_number_is_told(pairs: Pairs) -> None:
    wild = Schedule(steps=9, batch=4, learning_rate=1e30)
    with pytest.raises(FloatingPointError, match=r"the loss is nan at step [2-9]"):
        trained(pairs, 9, schedule=wild)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (Weights(l1=0, eyeliner=0), "^no part of the loss counts; give one a weight above 0$"),
        (Weights(perceptual=0.1), "^weight_perceptual is above 0, but its backbone .* is absent"),
    ],
)
def test_a_loss_that_cannot_be_computed(pairs: Pairs, weights: Weights, said: str) -> None:
    with pytest.raises(UserError, match=said):
        Training(network(), pairs, replace(SCHEDULE, weights=weights), 0)


@pytest.mark.parametrize("weights", [Weights(ssim=0.5), Weights(l1=2.0), Weights(eyeliner=0)])
def test_the_weights_of_the_loss_change_what_is_learned(pairs: Pairs, weights: Weights) -> None:
    weighed = trained(pairs, 4, schedule=replace(SCHEDULE, weights=weights))
    assert weights_of(weighed).isfinite().all()
    assert not weights_of(weighed).equal(weights_of(trained(pairs, 4)))


@pytest.mark.skipif(not TORCH_HOME.is_dir(), reason=f"needs SqueezeNet's weights in {TORCH_HOME}")
def test_a_student_learns_from_lpips(pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(TORCH_HOME))
    schedule = Schedule(20, 4, 5e-3, weights=Weights(l1=0, eyeliner=0, perceptual=1))
    training = trained(pairs, 20, schedule=schedule)
    with torch.inference_mode():
        made_up = to_bytes(training.network(to_float(pairs.before)))
    distance = lpips_distance(made_up, pairs.after).mean()
    assert distance < 0.9 * lpips_distance(pairs.before, pairs.after).mean()


def test_a_quarter_of_a_batch_is_of_the_source_pairs(pairs: Pairs) -> None:
    source = pairs.first(2)
    amplified = Pairs(
        tuple(f"made-{name}" for name in pairs.names), pairs.before, pairs.after, None
    )
    schedule = Schedule(steps=1, batch=8, learning_rate=1e-3)
    training = Training(network(), source, schedule, 0, amplified)
    draws = [training._draw().names for _ in range(200)]
    assert all(
        [name.startswith("made-") for name in draw] == 2 * [False] + 6 * [True] for draw in draws
    )
    assert {name for draw in draws for name in draw} == {*source.names, *amplified.names}


def test_amplified_pairs_change_what_is_learned(pairs: Pairs) -> None:
    alone = trained(pairs.first(2), 4)
    beside = Training(network(), pairs.first(2), SCHEDULE, 0, amplified=pairs)
    beside.advance(4)
    assert not weights_of(alone).equal(weights_of(beside))


def averaged(pairs: Pairs, decay: float, *rungs: int) -> Training:
    return trained(pairs, *rungs, schedule=replace(SCHEDULE, ema=decay))


def test_what_counts_is_the_average_and_the_training_goes_its_own_way(pairs: Pairs) -> None:
    """After one step the average is that of no other; after two 9/11 of it, lowered at first."""
    one, two = (weights_of(trained(pairs, steps)) for steps in (1, 2))
    assert weights_of(averaged(pairs, 0.999, 1)).equal(one)
    expected = one + 9 / 11 * (two - one)
    torch.testing.assert_close(weights_of(averaged(pairs, 0.999, 2)), expected)
    torch.testing.assert_close(weights_of(averaged(pairs, 0.1, 2)), one + 0.9 * (two - one))


def test_an_average_comes_out_the_same_whatever_the_rungs(pairs: Pairs) -> None:
    assert weights_of(averaged(pairs, 0.9, 3, 8, 12)).equal(weights_of(averaged(pairs, 0.9, 12)))


@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_a_norm_s_statistics_are_averaged_too(pairs: Pairs, norm: str) -> None:
    torch.manual_seed(0)
    student = TinyBeauty(width=4, blocks=1, norm=norm)
    Training(student, pairs, replace(SCHEDULE, ema=0.9), 0).advance(3)
    counts = [value for name, value in student.state_dict().items() if name.endswith("tracked")]
    assert all(count == 3 for count in counts)
    assert all(value.isfinite().all() for value in student.state_dict().values())


def test_what_is_done_with_the_network_leaves_the_training_alone(pairs: Pairs) -> None:
    training = trained(pairs, 5)
    with torch.no_grad():
        for weight in training.network.parameters():
            weight.zero_()
    training.advance(12)
    assert weights_of(training).equal(weights_of(trained(pairs, 12)))


def test_a_trained_network_lies_in_memory_as_it_did(pairs: Pairs) -> None:
    assert all(weight.is_contiguous() for weight in trained(pairs, 1).network.parameters())
