"""A network as one ONNX file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from paretint.export.precision import in_precision
from paretint.export.signature import INPUT, STUDENT, Signature
from paretint.export.tracing import frozen, quiet_log, quiet_trace

# The exporter's default follows the installed torch; phones' runtimes have known 18 since 2023.
OPSET = 18
# What the exporter says of weights that a network uses in parts: they stay whole in the file.
_LOG = ("onnxscript.optimizer._constant_folding", "Skipping constant folding for op Split")


def export_onnx(
    network: nn.Module,
    size: int,
    path: Path,
    recipe: Mapping[str, object] | None = None,
    signature: Signature = STUDENT,
    precision: str = "fp32",
    calibration: NDArray[np.uint8] | None = None,
) -> Path:
    """Write `network` to `path`: one ONNX file, its weights inside it, and return the path.

    The input `photo` is float32 of the fixed shape [1, 3, size, size] in [0, 1], RGB; the output,
    float32 of a fixed shape too, is what the signature says. The file's metadata tell that, the
    version of Paretint and the recipe.
    `network` itself is left as it is: its device, its mode, its weights.

    precision: `fp32`, `fp16`, or `int8`, which is calibrated on photos, uint8 [N, 3, size, size].
    Raises ValueError where they are not given.
    """
    model = in_precision(onnx_model(network, size, signature), precision, calibration)
    _strip(model.graph)
    onnx.helper.set_model_props(model, signature.metadata(recipe))
    onnx.save(model, path)
    return path


def onnx_model(network: nn.Module, size: int, signature: Signature = STUDENT) -> onnx.ModelProto:
    """Return `network` in ONNX's own terms, in float32, as `export_onnx` begins."""
    with quiet_trace(), quiet_log(*_LOG):
        program = torch.onnx.export(
            frozen(network),
            (torch.zeros(1, 3, size, size),),
            input_names=[INPUT],
            output_names=[signature.output],
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
    assert program is not None  # None is the answer of the deprecated exporter alone
    return program.model_proto


def _strip(graph: onnx.GraphProto) -> None:
    """Drop the exporter's notes: an eighth of the bytes, and paths of the exporting machine."""
    groups: tuple[Iterable[Any], ...] = (
        (graph,),
        graph.input,
        graph.output,
        graph.node,
        graph.initializer,
        graph.value_info,
    )
    for group in groups:
        for entry in group:
            entry.ClearField("metadata_props")
            entry.ClearField("doc_string")
