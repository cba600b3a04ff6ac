"""What the formats share in turning a network into a graph."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


def frozen(network: nn.Module) -> nn.Module:
    """A copy on the CPU in evaluation mode: an export leaves a network in training alone."""
    return copy.deepcopy(network).cpu().eval()


@contextmanager
def quiet_trace() -> Iterator[None]:
    """Without the one warning that `torch.export` raises about torch's own code."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`isinstance.treespec, LeafSpec.` is deprecated")
        yield
