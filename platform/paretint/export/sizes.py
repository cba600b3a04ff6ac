"""How large a candidate is, in parameters, arithmetic and bytes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from paretint.export.structure import weights


class FileSizes(NamedTuple):
    """What is known of a model's files: parameters, MACs for one photo, bytes; None: unknown."""

    params: int | None
    macs: int | None
    onnx_bytes: int | None
    coreml_bytes: int | None


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


def parameters(path: Path) -> int:
    """The parameters of the layers in an ONNX file.

    Those that layers share count for each: exporters let layers share what is equal by chance.
    """
    graph = onnx.load(path).graph
    counts = {tensor.name: math.prod(tensor.dims) for tensor in graph.initializer}
    return sum(counts.get(name, 0) for name in weights(graph))


def bytes_on_disk(path: Path) -> int:
    """The bytes of a file, or of all files in a folder such as an `.mlpackage`."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
