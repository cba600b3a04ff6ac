from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from paretint.regions import CLASSES
from paretint.regions.losses import choose_points, cross_entropy, edge_aware_loss, edges

COUNT = len(CLASSES)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def grid(*rows: str) -> Tensor:
    return torch.tensor([[[int(digit) for digit in row] for row in rows]])


def one_of(*counts: int) -> Tensor:
    """Points that may be any of the first classes, so many each, bool [1, P, 19]."""
    return torch.stack([torch.arange(COUNT) < count for count in counts])[None]


# Edges


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (grid("333", "333", "333"), grid("000", "000", "000")),
        (grid("0011", "0011", "0011"), grid("0110", "0110", "0110")),
        (grid("000", "000", "700", "777"), grid("000", "110", "111", "111")),
        # A Sobel filter is blind to the middle of what is one pixel wide.
        (grid("00000", "00000", "00200", "00000"), grid("00000", "01110", "01010", "01110")),
    ],
)
def test_edges_are_where_labels_change(labels: Tensor, expected: Tensor) -> None:
    assert edges(labels.to(torch.uint8)).equal(expected.bool())


def test_the_frame_of_a_map_is_no_edge() -> None:
    assert not edges(torch.full((2, 6, 6), 18, dtype=torch.uint8)).any()


def test_each_map_has_its_own_edges() -> None:
    maps = torch.cat([grid("00", "00"), grid("01", "01")]).to(torch.uint8)
    assert edges(maps).flatten(1).all(dim=1).tolist() == [False, True]


# Cross-entropy


@given(st.integers(0, 2**32))
def test_of_one_class_it_is_the_usual(seed: int) -> None:
    logits = 5 * torch.randn(2, COUNT, 7, generator=generator(seed))
    classes = torch.randint(COUNT, (2, 7), generator=generator(seed))
    expected = F.cross_entropy(logits, classes, reduction="none")
    torch.testing.assert_close(cross_entropy(logits, F.one_hot(classes, COUNT).bool()), expected)


@given(st.integers(0, 2**32))
def test_of_a_set_it_is_that_of_the_summed_probability(seed: int) -> None:
    logits = 3 * torch.randn(2, COUNT, 5, generator=generator(seed))
    allowed = torch.rand(2, 5, COUNT, generator=generator(seed)) < 0.3
    allowed[..., 4] = True
    probability = (logits.double().softmax(dim=1).transpose(1, 2) * allowed).sum(dim=-1)
    expected = -probability.log().float()
    torch.testing.assert_close(cross_entropy(logits, allowed), expected, atol=1e-5, rtol=1e-5)


def test_of_any_class_it_is_nothing() -> None:
    logits = 5 * torch.randn(2, COUNT, 50, generator=generator())
    assert cross_entropy(logits, torch.ones(2, 50, COUNT, dtype=torch.bool)).abs().max() < 1e-5


def test_half_precision_is_left_behind() -> None:
    logits = torch.randn(1, COUNT, 4, generator=generator()).to(torch.bfloat16)
    cost = cross_entropy(logits, one_of(1, 2, 3, 4))
    assert cost.dtype == torch.float32
    assert cost.equal(cross_entropy(logits.float(), one_of(1, 2, 3, 4)))


@pytest.mark.parametrize("size", [0, 1, 100, 1e4])
def test_gradients_are_finite_however_wrong_the_network(size: float) -> None:
    logits = torch.zeros(1, COUNT, 4)
    logits[:, -1] = size  # where three of the points may not be
    logits.requires_grad_()
    edge_aware_loss(logits, one_of(1, COUNT, 2, 5)).backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
    assert logits.grad[0, 0, 0] < 0
    assert logits.grad[0, :, 1].abs().max() < 1e-6


# Points


def test_the_second_half_of_the_points_lies_on_edges() -> None:
    on_edges = torch.zeros(2, 16, 16, dtype=torch.bool)
    on_edges[0, 3], on_edges[1, :, 9] = True, True
    points = choose_points(on_edges, 400, generator())
    assert (points.shape, points.dtype) == ((2, 400), torch.int64)
    anywhere, at_edges = on_edges.flatten(1).gather(1, points).tensor_split(2, dim=1)
    assert at_edges.all()
    assert (anywhere.float().mean(dim=1) < 0.2).all()
    for chosen, row in zip(points, on_edges, strict=True):
        assert set(chosen[200:].tolist()) == set(row.flatten().nonzero().flatten().tolist())


def test_the_first_half_is_from_all_over() -> None:
    points = choose_points(torch.zeros(1, 4, 4, dtype=torch.bool), 600, generator())[0]
    for half in points.tensor_split(2):
        assert half.bincount(minlength=16).min() > 5
        assert half.max() < 16


@given(st.integers(2, 9))
def test_the_loss_halves_points_as_they_were_chosen(count: int) -> None:
    """Only edges cost anything here, and the loss takes the mean of the points on them."""
    on_edges = torch.zeros(1, 64, 64, dtype=torch.bool)
    on_edges[0, 0, 0] = True
    points = choose_points(on_edges, count, generator())
    allowed = one_of(*(1 if point == 0 else COUNT for point in points[0]))
    loss = edge_aware_loss(torch.zeros(1, COUNT, count), allowed)
    assert loss.item() == pytest.approx(math.log(COUNT))


def test_the_same_generator_chooses_the_same_points() -> None:
    on_edges = torch.eye(8, dtype=torch.bool)[None]
    first, again, other = (choose_points(on_edges, 20, generator(seed)) for seed in (0, 0, 1))
    assert first.equal(again)
    assert not first.equal(other)


# The loss


def test_the_loss_is_the_mean_of_all_and_the_mean_of_edges() -> None:
    """Where all classes are alike likely, a set of k costs log(19 / k)."""
    logits = torch.zeros(2, COUNT, 4)
    allowed = torch.cat([one_of(1, COUNT, 2, 4), one_of(COUNT, COUNT, COUNT, 1)])
    anywhere = math.log(COUNT / 1) / 4
    on_edges = (math.log(COUNT / 2) + math.log(COUNT / 4) + math.log(COUNT)) / 4
    assert edge_aware_loss(logits, allowed).item() == pytest.approx(anywhere + on_edges)


def test_a_sure_and_right_network_loses_nothing() -> None:
    logits = torch.full((1, COUNT, 6), -50.0)
    logits[:, 0] = 50
    assert edge_aware_loss(logits, one_of(*[1] * 6)).item() == pytest.approx(0, abs=1e-6)
