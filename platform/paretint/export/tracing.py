"""What the formats share in turning a network into a graph."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

from paretint.student import fold_norms


def frozen(network: nn.Module) -> nn.Module:
    """A copy on the CPU in evaluation mode, its batch norms folded.

    An export leaves a network in training alone.
    """
    return fold_norms(copy.deepcopy(network).cpu().eval())


@contextmanager
def quiet_trace() -> Iterator[None]:
    """Without the one warning that `torch.export` raises about torch's own code."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`isinstance.treespec, LeafSpec.` is deprecated")
        yield


@contextmanager
def quiet_log(logger: str, *harmless: str) -> Iterator[None]:
    """Without those records of the logger that hold one of the `harmless` texts."""

    def is_news(record: logging.LogRecord) -> bool:
        return not any(text in record.getMessage() for text in harmless)

    target = logging.getLogger(logger)
    target.addFilter(is_news)
    try:
        yield
    finally:
        target.removeFilter(is_news)
