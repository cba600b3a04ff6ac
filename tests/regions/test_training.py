from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from paretint.faces import Region, to_float
from paretint.regions import (
    FPLIIF,
    Architecture,
    FaceParser,
    Labelled,
    ParserSchedule,
    ParserTraining,
    Sources,
    rendered,
)
from paretint.regions.augment import ALIGNED, WIDE
from paretint.regions.scoring import compare, f1_by_region
from paretint.regions.training import AtPoints

CPU = torch.device("cpu")
TINY = Architecture(width=8, blocks=(1, 1, 1), hidden=16, side=32)
SCHEDULE = ParserSchedule(steps=12, batch=4, points=64)
NOTHING = Labelled((), torch.zeros(0), torch.zeros(0), torch.zeros(0))


@pytest.fixture(scope="module")
def faces() -> Labelled:
    return rendered(4, 32, seed=0)


@pytest.fixture(scope="module")
def sources(faces: Labelled) -> Sources:
    return Sources(faces, rendered(3, 32, seed=1))


def training(
    sources: Sources, schedule: ParserSchedule = SCHEDULE, seed: int = 0, network_seed: int = 0
) -> ParserTraining:
    torch.manual_seed(network_seed)
    return ParserTraining(FPLIIF(TINY), sources, schedule, seed, CPU)


def trained(sources: Sources, *stops: int, schedule: ParserSchedule = SCHEDULE) -> ParserTraining:
    begun = training(sources, schedule)
    for stop in stops:
        begun.advance(stop, lambda _: None)
    return begun


def weights(of: ParserTraining) -> Tensor:
    return torch.cat([weight.detach().flatten() for weight in of.network.parameters()])


def worker(sources: Sources, rank: int, workers: int, schedule: ParserSchedule) -> ParserTraining:
    begun = training(sources, schedule)
    begun.join(lambda module: module, rank, workers)
    return begun


def batches_equal(one: ParserTraining, other: ParserTraining) -> bool:
    return all(a.equal(b) for a, b in zip(one._batch(), other._batch(), strict=True))


# Shares


def test_a_quarter_of_a_batch_is_rendered(sources: Sources) -> None:
    assert sources.rendered is not None
    assert sources.shares(0, 8) == [(sources.labelled, 6), (sources.rendered, 2)]
    assert sources.shares(8, 16) == sources.shares(0, 8)


def test_without_rendered_faces_all_are_labelled(faces: Labelled) -> None:
    assert Sources(faces).shares(3, 8) == [(faces, 5)]


@given(batch=st.integers(1, 20), batches=st.integers(1, 40))
def test_of_all_batches_together_a_quarter_is_rendered(batch: int, batches: int) -> None:
    sources = Sources(NOTHING, replace(NOTHING))
    assert sources.rendered is not None
    drawn = [sources.shares(batch * index, batch * (index + 1)) for index in range(batches)]
    assert all(sum(count for _, count in shares) == batch for shares in drawn)
    assert all(count > 0 for shares in drawn for _, count in shares)
    of_rendered = sum(
        count for shares in drawn for source, count in shares if source is sources.rendered
    )
    assert of_rendered == batch * batches // 4


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_the_smallest_batches_train(sources: Sources, batch: int) -> None:
    done = trained(sources, 5, schedule=replace(SCHEDULE, batch=batch))
    assert weights(done).isfinite().all()
    assert not weights(done).equal(weights(training(sources)))


def test_workers_of_one_photo_each_share_the_rendered(sources: Sources) -> None:
    """Of four, the last draws a rendered face: only there, another one changes the batch."""
    other = Sources(sources.labelled, rendered(3, 32, seed=9))
    pairs = [[worker(each, rank, 4, SCHEDULE) for each in (sources, other)] for rank in range(4)]
    assert [batches_equal(*pair) for pair in pairs] == [True, True, True, False]


# Batches


def test_a_batch_is_photos_points_and_what_they_may_be(sources: Sources) -> None:
    photos, points, allowed = training(sources)._batch()
    assert photos.shape == (4, 3, 32, 32)
    assert points.shape == (4, 64, 2)
    assert (allowed.shape, allowed.dtype) == ((4, 64, 19), torch.bool)
    assert points.abs().max() < 1
    assert allowed.any(dim=-1).all()


def test_points_lie_where_their_classes_do(faces: Labelled) -> None:
    """The upper half is hair alone, the lower skin alone: a point's y says what it may be."""
    labels = torch.full((1, 32, 32), int(Region.HAIR), dtype=torch.uint8)
    labels[:, 16:] = int(Region.NECK)
    halves = Labelled(("halves",), faces.photos[:1], labels, faces.table)
    still = replace(ALIGNED, turn=0, shear=0, shift=0, zoom=(1, 1))
    _, points, allowed = training(Sources(halves), replace(SCHEDULE, views=still))._batch()
    rows = torch.where(points[..., 1] < 0, int(Region.HAIR), int(Region.NECK))
    assert allowed.equal(faces.table[rows])


def test_a_batch_depends_on_seed_rank_and_step_alone(sources: Sources) -> None:
    first = training(sources)
    assert batches_equal(first, first)
    assert batches_equal(first, training(sources, network_seed=1))
    assert batches_equal(first, training(sources, replace(SCHEDULE, learning_rate=1.0)))
    assert not batches_equal(first, training(sources, seed=1))
    later, ranks = training(sources), [worker(sources, rank, 2, SCHEDULE) for rank in (0, 1)]
    later.step = 1
    assert not batches_equal(first, later)
    assert not batches_equal(*ranks)


def test_workers_split_a_batch(sources: Sources) -> None:
    sizes = [len(worker(sources, 0, workers, SCHEDULE)._batch()[0]) for workers in (1, 2, 3, 4, 9)]
    assert sizes == [4, 2, 1, 1, 1]


def test_gradients_are_those_of_what_the_workers_wrap(sources: Sources) -> None:
    wrapped: list[nn.Module] = []

    class Deaf(nn.Module):
        def __init__(self, module: nn.Module) -> None:
            super().__init__()
            self.module = module

        def forward(self, photos: Tensor, points: Tensor) -> Tensor:
            logits: Tensor = 0 * self.module(photos, points)
            return logits

    def wrap(module: nn.Module) -> nn.Module:
        wrapped.append(module)
        return Deaf(module)

    one = training(sources, replace(SCHEDULE, learning_rate=1e-3))
    before = weights(one)
    one.join(wrap, 0, 2)
    one.advance(1, lambda _: None)
    assert isinstance(wrapped[0], AtPoints)
    assert wrapped[0].network is one.network
    # Nothing but the weight decay is left: rate 1e-3 / 25 at most.
    assert (weights(one) - before).abs().max() < 1e-6


# Training


def test_stops_change_nothing(sources: Sources) -> None:
    assert weights(trained(sources, 3, 8, 12)).equal(weights(trained(sources, 12)))


@pytest.mark.parametrize("stop", [1, 5, 12])
def test_a_restored_training_goes_on_as_if_it_had_not_stopped(sources: Sources, stop: int) -> None:
    state = trained(sources, stop).state()
    restored = training(sources, network_seed=7)
    restored.restore(state)
    restored.advance(12, lambda _: None)
    assert restored.step == 12
    assert weights(restored).equal(weights(trained(sources, 12)))


@pytest.mark.parametrize("steps", [1, 2, 19, 20, 21, 40])
def test_trainings_of_any_length_end(sources: Sources, steps: int) -> None:
    schedule = replace(SCHEDULE, steps=steps, batch=1, points=4)
    assert trained(sources, steps, schedule=schedule).step == steps


def test_each_step_is_told(sources: Sources) -> None:
    told: list[int] = []
    begun = trained(sources, 2)
    begun.advance(5, told.append)
    begun.advance(5, told.append)
    assert told == [3, 4, 5]
    assert begun.step == 5
    assert not begun.network.training


def test_the_world_s_random_numbers_are_left_alone(sources: Sources) -> None:
    expected = weights(trained(sources, 3))
    begun = training(sources)
    torch.manual_seed(99)
    state = torch.get_rng_state()
    begun.advance(3, lambda _: None)
    assert weights(begun).equal(expected)
    assert torch.get_rng_state().equal(state)


def test_a_loss_that_is_no_number_is_told(sources: Sources) -> None:
    wild = replace(SCHEDULE, learning_rate=1e30)
    with pytest.raises(FloatingPointError, match=r"^the loss is nan at step [2-9]$"):
        trained(sources, 12, schedule=wild)


def test_a_parser_learns_what_is_skin(
    faces: Labelled, f1_of_skin: Callable[[ParserTraining], float]
) -> None:
    schedule = ParserSchedule(steps=100, batch=8, learning_rate=1e-2, points=512)
    begun = training(Sources(faces), schedule)
    assert f1_of_skin(begun) < 0.2
    begun.advance(100, lambda _: None)
    assert f1_of_skin(begun) > 0.6


@pytest.fixture
def f1_of_skin(faces: Labelled) -> Callable[[ParserTraining], float]:
    def score(of: ParserTraining) -> float:
        parser = FaceParser(of.network)
        counts = compare(lambda photo: parser.classes(photo, 32), faces, lambda *_: None)
        return f1_by_region(counts)["skin"]

    return score


def test_at_points_the_network_answers_as_it_does_for_maps(faces: Labelled) -> None:
    network = training(Sources(faces)).network
    photos = to_float(faces.photos[:2])
    rows = torch.tensor([[3, 7], [31, 0]])
    points = (2 * rows.flip(-1) + 1) / 32 - 1
    with torch.inference_mode():
        logits = AtPoints(network)(photos, points.expand(2, -1, -1))
        expected = network(photos)[:, :, rows[:, 0], rows[:, 1]]
    torch.testing.assert_close(logits, expected)


def test_full_is_trained_as_published_and_lite_on_gentler_views() -> None:
    full, lite = (ParserSchedule.usual(name, 9) for name in ("full", "lite"))
    assert (full.steps, full.batch, full.learning_rate, full.views) == (9, 8, 8e-4, WIDE)
    assert lite == ParserSchedule(9)
    assert lite.views == ALIGNED
