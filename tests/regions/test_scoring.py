from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from paretint.regions import CLASSES, Labelled, compare, f1_by_class, f1_by_region
from paretint.regions.labelled import table_of
from paretint.regions.scoring import confusion, f1, truth

BACKGROUND, SKIN, LEFT_EYE, RIGHT_EYE, HAIR, HAT = (
    CLASSES.index(name)
    for name in ("background", "skin", "left_eye", "right_eye", "hair", "hat")
)  # fmt: skip


def ids(*values: int) -> Tensor:
    return torch.tensor(values, dtype=torch.uint8).view(1, 1, -1)


def counts(**rows: tuple[str, int]) -> Tensor:
    """A confusion of `CLASSES`: class="predicted", how often."""
    made = torch.zeros(len(CLASSES), len(CLASSES), dtype=torch.int64)
    for name, (predicted, count) in rows.items():
        made[CLASSES.index(name), CLASSES.index(predicted)] += count
    return made


# The true class


def test_of_rows_of_one_class_it_is_that() -> None:
    table = table_of((frozenset({"hair"}), frozenset({"skin"})))
    true = truth(ids(SKIN, SKIN, HAIR), ids(0, 1, 0), table)
    assert true.flatten().tolist() == [HAIR, SKIN, HAIR]
    assert true.dtype == torch.int64


def test_of_rows_of_several_it_is_the_predicted_if_that_is_among_them() -> None:
    table = table_of((frozenset({"hat", "background", "hair"}),))
    true = truth(ids(HAT, HAIR, BACKGROUND, SKIN), ids(0, 0, 0, 0), table)
    assert true.flatten().tolist() == [HAT, HAIR, BACKGROUND, BACKGROUND]


# Confusion and F1


def test_rows_are_true_and_columns_predicted() -> None:
    predicted, true = torch.tensor([[0, 1, 1, 2]]), torch.tensor([[0, 0, 1, 1]])
    assert confusion(predicted, true, 3).tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 0]]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=30))
def test_each_pixel_is_counted_once(pixels: list[tuple[int, int]]) -> None:
    pairs = torch.tensor(pixels, dtype=torch.uint8).view(-1, 2)
    counted = confusion(pairs[:, 0], pairs[:, 1], 5)
    for (predicted, true), count in zip(
        ((p, t) for p in range(5) for t in range(5)), counted.T.flatten().tolist(), strict=True
    ):
        assert count == pixels.count((predicted, true))


def test_f1_of_small_counts() -> None:
    """The first: 3 hits, 1 missed, 2 too many; the second is never found; the third is absent."""
    matrix = torch.tensor([[3, 0, 1], [2, 0, 0], [0, 0, 0]])
    first, second, third = f1(matrix).tolist()
    assert first == 6 / 9
    assert second == 0
    assert math.isnan(third)


def test_f1_of_all_right_and_of_nothing() -> None:
    assert f1(torch.diag(torch.tensor([5, 1]))).tolist() == [1, 1]
    assert f1(torch.zeros(2, 2, dtype=torch.int64)).isnan().all()


# By name


def test_classes_are_named_but_for_the_background_and_the_absent() -> None:
    scores = f1_by_class(
        counts(background=("skin", 2), skin=("skin", 3), hair=("hat", 4), hat=("hat", 1))
    )
    assert scores == {"skin": 6 / 8, "hair": 0.0, "hat": 2 / 6}


def test_a_left_eye_taken_for_a_right_one_is_an_eye() -> None:
    confused = counts(left_eye=("right_eye", 3), right_eye=("skin", 1), skin=("nose", 5))
    assert f1_by_region(confused) == {"skin": 10 / 11, "eyes": 6 / 7}
    assert f1_by_class(confused) == {"skin": 0.0, "left_eye": 0.0, "right_eye": 0.0}


def test_a_hat_is_background() -> None:
    assert f1_by_region(counts(hat=("cloth", 7), hair=("hat", 1))) == {"hair": 0.0}


# Over photos


@pytest.fixture
def heldout() -> Labelled:
    """Two photos of 2x2: their colour is their number, the first's map has a coarse row."""
    table = table_of((frozenset({"skin"}), frozenset({"left_eye", "right_eye"})))
    photos = torch.arange(2, dtype=torch.uint8).view(2, 1, 1, 1).expand(2, 3, 2, 2)
    labels = torch.tensor([[[0, 0], [1, 1]], [[0, 0], [0, 0]]], dtype=torch.uint8)
    return Labelled(("a", "b"), photos, labels, table)


@pytest.fixture
def predict() -> Callable[[Tensor], Tensor]:
    """Takes the first photo for skin above a right eye and hair, and the second for hair."""
    drawn = torch.tensor(
        [[[SKIN, SKIN], [RIGHT_EYE, HAIR]], [[HAIR, HAIR], [HAIR, HAIR]]], dtype=torch.uint8
    )

    def predict(photo: Tensor) -> Tensor:
        assert photo.shape == (1, 3, 2, 2)
        return drawn[photo[:, 0, 0, 0].long()]

    return predict


def test_photos_are_compared_one_by_one(
    heldout: Labelled, predict: Callable[[Tensor], Tensor]
) -> None:
    told: list[tuple[int, int]] = []
    compared = compare(predict, heldout, lambda *step: told.append(step))
    expected = torch.zeros(len(CLASSES), len(CLASSES), dtype=torch.int64)
    expected[SKIN, SKIN], expected[SKIN, HAIR] = 2, 4
    expected[RIGHT_EYE, RIGHT_EYE], expected[LEFT_EYE, HAIR] = 1, 1
    assert compared.equal(expected)
    assert told == [(1, 2), (2, 2)]
    assert f1_by_region(compared) == {"skin": 4 / 8, "eyes": 2 / 3}
