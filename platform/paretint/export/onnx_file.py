"""A network as one ONNX file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import nn

from paretint.export.metadata import metadata
from paretint.export.tracing import frozen, quiet_trace

INPUT = "photo"
OUTPUT = "made_up"
# The exporter's default follows the installed torch; phones' runtimes have known 18 since 2023.
OPSET = 18


def export_onnx(
    network: nn.Module, size: int, path: Path, recipe: Mapping[str, object] | None = None
) -> Path:
    """Write `network` to `path`: one ONNX file, its weights inside it, and return the path.

    The input `photo` and the output `made_up` are float32 of the fixed shape [1, 3, size, size]
    in [0, 1], RGB. The file's metadata tell that, the version of Paretint and the recipe.
    `network` itself is left as it is: its device, its mode, its weights.
    """
    model = _trace(network, size)
    _strip(model.graph)
    onnx.helper.set_model_props(model, metadata(recipe))
    onnx.save(model, path)
    return path


def _trace(network: nn.Module, size: int) -> onnx.ModelProto:
    with quiet_trace():
        program = torch.onnx.export(
            frozen(network),
            (torch.zeros(1, 3, size, size),),
            input_names=[INPUT],
            output_names=[OUTPUT],
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
