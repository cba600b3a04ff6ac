"""LPIPS through its own package, where its backbone is at hand."""

from __future__ import annotations

import socket
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

if TYPE_CHECKING:
    from lpips import LPIPS

_URL = "https://download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth"
"""torchvision's `SqueezeNet1_1_Weights`, which take seconds to import."""

_BATCH = 32
_PATIENCE_S = 3.0


def lpips_missing() -> str | None:
    """Return why LPIPS cannot be computed, in one line, or None where it can.

    Fetches the backbone (5 MB) if it is absent and the network answers. Random weights are never
    used in its place: their numbers mean nothing.
    """
    path = _backbone()
    if path.is_file():
        return None
    try:
        with socket.create_connection((_host(), 443), timeout=_PATIENCE_S):
            pass
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(_URL, str(path), progress=False)
    except OSError as error:
        reason = f"its backbone {path} is absent and cannot be fetched ({error})"
        return f"{reason}; set TORCH_HOME to a folder that has it"
    return None


@torch.inference_mode()
def lpips_distance(made_up: Tensor, after: Tensor) -> NDArray[np.float64]:
    """Return LPIPS (SqueezeNet) of uint8 photos [N, 3, S, S], 0 for equal ones, float64 [N].

    Call it only where `lpips_missing` returns None.
    """
    metric = _metric(made_up.device)
    batches = zip(made_up.split(_BATCH), after.split(_BATCH), strict=True)
    distances = [metric(_signed(one), _signed(other)).flatten() for one, other in batches]
    return torch.cat(distances).double().numpy()


def perceptual_loss(made_up: Tensor, target: Tensor) -> Tensor:
    """Return the mean LPIPS (SqueezeNet) of float32 photos [N, 3, S, S] in [0, 1], to learn from.

    Call it only where `lpips_missing` returns None.
    """
    distances: Tensor = _metric(made_up.device)(made_up, target, normalize=True)
    return distances.mean()


def _signed(photos: Tensor) -> Tensor:
    """Return uint8 photos in [-1, 1], as lpips takes them."""
    return photos.float().div_(127.5).sub_(1)


@cache
def _metric(device: torch.device) -> LPIPS:
    import lpips

    # What is made in inference mode, where the first call may be, can take no part in training.
    with warnings.catch_warnings(), torch.inference_mode(False):
        # lpips still passes torchvision's old `pretrained` argument.
        warnings.filterwarnings("ignore", category=UserWarning, module="torchvision")
        metric = lpips.LPIPS(net="squeeze", verbose=False).to(device)
    return metric.eval().requires_grad_(False)


def _host() -> str:
    return _URL.split("/")[2]


def _backbone() -> Path:
    return Path(torch.hub.get_dir(), "checkpoints", _URL.rsplit("/", 1)[1])
