"""How large a candidate is, in parameters, arithmetic and bytes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


class Sizes(NamedTuple):
    """`params`: parameters; `macs`: multiply-accumulate operations for one photo."""

    params: int
    macs: int


def sizes(network: nn.Module, size: int) -> Sizes:
    """The parameters of `network`, and the MACs of its convolutions and matrix products.

    For one photo of `size` x `size`; elementwise arithmetic is left out, as is usual.
    """
    params = sum(parameter.numel() for parameter in network.parameters())
    device = next(network.parameters()).device
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        network(torch.zeros(1, 3, size, size, device=device))
    return Sizes(params, counter.get_total_flops() // 2)


def bytes_on_disk(path: Path) -> int:
    """The bytes of a file, or of all files in a folder such as an `.mlpackage`."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
