"""A parser as the files that ship: one input size, one output size, probabilities."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from paretint.export.coreml import coreml_available, export_coreml
from paretint.export.onnx_file import export_onnx
from paretint.export.parity import check_parity
from paretint.export.signature import Signature
from paretint.faces import random_styles, render_pairs
from paretint.regions import CLASSES, FaceParser

_PARITY_PHOTOS = 2


class Probabilities(nn.Module):
    """A parser's network at one output size.

    `network` gives for photos [N, 3, S, S] and a size the logits [N, K, size, size]; this gives
    the probabilities of the K classes, float32 of the same shape, which add up to 1.
    """

    def __init__(self, network: nn.Module, size: int) -> None:
        super().__init__()
        self.network = network
        self.size = size

    def forward(self, photo: Tensor) -> Tensor:
        """Return the probabilities of the classes at the pixels of photos [N, 3, S, S]."""
        logits: Tensor = self.network(photo, self.size)
        # A softmax in its parts: for the operator, onnxruntime would turn the map over twice,
        # which takes it nearly as long as all the rest of `lite`.
        likely = (logits - logits.amax(dim=1, keepdim=True)).exp()
        return likely / likely.sum(dim=1, keepdim=True)


def export_parser(parser: FaceParser, size: int, folder: Path) -> None:
    """Write `model.onnx` and, where `coreml_available`, `model.mlpackage` to `folder`.

    Their output `regions` holds the probabilities of the 19 `CLASSES`, [1, 19, size, size], for a
    photo of the parser's side. Raises `ParityError` where the ONNX file and PyTorch differ.
    """
    network, signature = Probabilities(parser.network, size), _signature(parser)
    onnx = export_onnx(network, parser.side, folder / "model.onnx", signature=signature)
    check_parity(network, onnx, _faces(parser.side))
    if coreml_available() is None:
        package = folder / "model.mlpackage"
        export_coreml(network, parser.side, package, signature=signature)


def _signature(parser: FaceParser) -> Signature:
    return Signature(
        output="regions",
        gives="array",
        holds="probabilities in [0, 1]",
        purpose="Tells how likely each class of a face's parts is at each pixel of a photo.",
        facts={
            "classes": json.dumps(CLASSES),
            "architecture": json.dumps(asdict(parser.network.architecture)),
        },
    )


def _faces(side: int) -> NDArray[np.uint8]:
    """Return bare faces to compare on: noise would be background, whatever the weights."""
    styles = random_styles(_PARITY_PHOTOS, torch.Generator().manual_seed(0))
    faces: NDArray[np.uint8] = render_pairs(styles, _PARITY_PHOTOS, side, seed=0).before.numpy()
    return faces
