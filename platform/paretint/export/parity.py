"""Whether an exported file does what the network it came from does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn

from paretint.export.onnx_file import onnx_model
from paretint.export.runtime import OnnxModel, batch_of
from paretint.export.tracing import frozen

LIMITS = {"fp32": 1e-4, "fp16": 1e-2, "int8": 0.1}
"""The largest difference, in [0, 1] units, that a precision explains.

Of float32 it is that of another order of sums; of half floats that of their 11 bits, after every
layer; of integers, one pixel of a badly scaled convolution. What a difference costs in quality is
scored on the file itself.
"""


class ParityError(Exception):
    """An exported file and its network answer differently: the file must not ship."""


def check_parity(
    network: nn.Module, path: Path, photos: NDArray[np.uint8], precision: str = "fp32"
) -> float:
    """The largest absolute difference, over `photos` [N, 3, H, W], of file and network.

    In units of [0, 1]. Raises `ParityError`, which names the first operator that differs, where it
    exceeds the limit of the file's precision; `ValueError` without photos.
    """
    model = OnnxModel(path)
    reference = frozen(network)
    differences = [_difference(reference, model, photo) for photo in photos]
    worst, limit = float(np.max(differences)), LIMITS[precision]
    if not worst <= limit:  # so that NaN, which np.max hands on, fails too
        photo = photos[int(np.argmax(differences))]
        first = first_difference(onnx_model(network, photo.shape[-1]), path, photo, limit)
        raise ParityError(
            f"{path}: differs from its network by {worst:.2g}, more than {limit:g} in {precision};"
            f" first in {first}"
        )
    return worst


def first_difference(
    reference: onnx.ModelProto, path: Path, photo: NDArray[np.uint8], limit: float
) -> str:
    """Return the first operator of `reference` whose output in the file at `path` is another.

    photo: uint8 [3, H, W]. Another is one that differs by more than `limit`, in [0, 1] units at
    the end and relative to the largest value elsewhere. Operators that the file does not have,
    such as those that a conversion joined, are passed over; where no other is found, the answer
    is the last.
    """
    own, other = _every_output(reference, photo), _every_output(onnx.load(path), photo)
    named = {name: node for node in reference.graph.node for name in node.output}
    for name, value in own.items():
        if name in other and name in named and not _alike(value, other[name], limit):
            return f"{named[name].op_type} {named[name].name!r}"
    last = reference.graph.node[-1]
    return f"{last.op_type} {last.name!r}"


def _every_output(
    model: onnx.ModelProto, photo: NDArray[np.uint8]
) -> dict[str, NDArray[np.float32]]:
    """Return what every operator gives for a photo, in the order in which they run."""
    opened = onnx.ModelProto()
    opened.CopyFrom(model)
    known = {output.name for output in opened.graph.output}
    names = [name for node in opened.graph.node for name in node.output]
    opened.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in known)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # An operator that is joined with another has no output of its own.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        opened.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    given = {session.get_inputs()[0].name: batch_of(photo)}
    return dict(zip(names, session.run(names, given), strict=True))


def _alike(one: NDArray[np.float32], other: NDArray[np.float32], limit: float) -> bool:
    if one.shape != other.shape or one.dtype.kind != "f":
        return one.shape == other.shape
    allowed = limit * max(1.0, float(np.abs(one).max()))
    return bool(np.abs(one - other.astype(np.float32)).max() <= allowed)


def _difference(reference: nn.Module, model: OnnxModel, photo: NDArray[np.uint8]) -> float:
    batch = batch_of(photo)
    with torch.inference_mode():
        expected = reference(torch.from_numpy(batch)).numpy()
    return float(np.abs(model(batch) - expected).max())
