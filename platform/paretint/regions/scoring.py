"""How well a parser finds each region of photos it has not seen: F1."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from paretint.faces import Region
from paretint.regions.classes import CLASSES, REGION_OF
from paretint.regions.labelled import Labelled
from paretint.terminal import Tell

_REGIONS = len(Region)


def truth(predicted: Tensor, labels: Tensor, table: Tensor) -> Tensor:
    """Return the true class of each pixel, int64 [N, S, S].

    predicted: ids of `CLASSES` and labels: rows of `table`, both [N, S, S]. Where a row allows
    several classes, it is the predicted one if that is among them, and else the first.
    """
    first = table.int().argmax(dim=1)
    right = table[labels.long(), predicted.long()]
    return torch.where(right, predicted.long(), first[labels.long()])


def confusion(predicted: Tensor, true: Tensor, classes: int) -> Tensor:
    """Return how often each true id [row] was predicted as each id [column], int64."""
    pairs = true.long().flatten() * classes + predicted.long().flatten()
    return torch.bincount(pairs, minlength=classes**2).view(classes, classes)


def f1(counts: Tensor) -> Tensor:
    """Return the F1 of each id of a confusion matrix, float64 [ids]; NaN for one that is absent."""
    hits = counts.diagonal().double()
    f1: Tensor = 2 * hits / (counts.sum(dim=0) + counts.sum(dim=1))
    return f1.masked_fill(counts.sum(dim=1) == 0, torch.nan)


def f1_by_region(counts: Tensor) -> dict[str, float]:
    """Return the F1 of each region that is present but the background, by its name.

    counts: confusion of `CLASSES`, [19, 19]. A left eye taken for a right one is an eye.
    """
    by_region = counts.new_zeros(_REGIONS, _REGIONS)
    rows, columns = torch.meshgrid(REGION_OF, REGION_OF, indexing="ij")
    by_region.index_put_((rows, columns), counts, accumulate=True)
    return _named(f1(by_region), [region.name.lower() for region in Region])


def f1_by_class(counts: Tensor) -> dict[str, float]:
    """Return the F1 of each class that is present but the background, by its name."""
    return _named(f1(counts), list(CLASSES))


def _named(scores: Tensor, names: list[str]) -> dict[str, float]:
    pairs = zip(names[1:], scores[1:].tolist(), strict=True)
    return {name: score for name, score in pairs if score == score}


def compare(predict: Callable[[Tensor], Tensor], heldout: Labelled, tell: Tell) -> Tensor:
    """Return the confusion of `CLASSES`, int64 [19, 19], over labelled photos.

    predict: uint8 photos [1, 3, S, S] to ids of `CLASSES`, uint8 [1, S, S].
    """
    counts = torch.zeros(len(CLASSES), len(CLASSES), dtype=torch.int64)
    for index in range(len(heldout)):
        one = heldout.take([index])
        predicted = predict(one.photos)
        counts += confusion(predicted, truth(predicted, one.labels, one.table), len(CLASSES))
        tell(index + 1, len(heldout))
    return counts
