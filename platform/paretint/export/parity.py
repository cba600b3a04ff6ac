"""Whether an exported file does what the network it came from does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from paretint.export.runtime import OnnxModel, batch_of
from paretint.export.tracing import frozen

LIMIT = 1e-4
"""The largest difference that float32 arithmetic in another order explains, in [0, 1] units."""


class ParityError(Exception):
    """An exported file and its network answer differently: the file must not ship."""


def check_parity(network: nn.Module, path: Path, photos: NDArray[np.uint8]) -> float:
    """The largest absolute difference, over `photos` [N, 3, H, W], of file and network.

    In units of [0, 1]. Raises `ParityError` where it exceeds `LIMIT`, `ValueError` without photos.
    """
    model = OnnxModel(path)
    reference = frozen(network)
    worst = float(np.max([_difference(reference, model, photo) for photo in photos]))
    if not worst <= LIMIT:  # so that NaN, which np.max hands on, fails too
        raise ParityError(f"{path}: differs from its network by {worst:.2g}, more than {LIMIT:g}")
    return worst


def _difference(reference: nn.Module, model: OnnxModel, photo: NDArray[np.uint8]) -> float:
    batch = batch_of(photo)
    with torch.inference_mode():
        expected = reference(torch.from_numpy(batch)).numpy()
    return float(np.abs(model(batch) - expected).max())
