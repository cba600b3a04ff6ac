"""What the operators of an ONNX file have to do: arithmetic and bytes, by kind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import onnx

LANES = 8
"""Kernels compute output channels in groups of this, whether all of a group are used or not."""

_HALF = onnx.TensorProto.FLOAT16


class Operator(NamedTuple):
    """One operator of a graph.

    kind: its ONNX name; of convolutions `dense`, `pointwise` or `depthwise`; then `half` or `int8`
    where those are its numbers. macs: multiply-accumulate operations of a convolution for one
    photo, else 0; lane_macs: the same with the output channels rounded up to `LANES`; bytes: what
    it reads and writes, its weights too.
    """

    kind: str
    macs: int
    lane_macs: int
    bytes: int


class _Value(NamedTuple):
    kind: int
    sides: tuple[int, ...]

    @property
    def bytes(self) -> int:
        itemsize: int = onnx.helper.tensor_dtype_to_np_dtype(self.kind).itemsize
        return math.prod(self.sides) * itemsize


def operators(path: Path) -> list[Operator]:
    """Return the operators of an ONNX file with fixed shapes, in its order."""
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    values = _values(model.graph)
    scaled = {n.output[0] for n in model.graph.node if n.op_type == "DequantizeLinear"}
    return [_operator(node, values, scaled) for node in model.graph.node]


def _values(graph: onnx.GraphProto) -> dict[str, _Value]:
    values = {tensor.name: _Value(tensor.data_type, tuple(tensor.dims))
              for tensor in graph.initializer}  # fmt: skip
    for entry in (*graph.input, *graph.value_info, *graph.output):
        told = entry.type.tensor_type
        sides = tuple(side.dim_value for side in told.shape.dim)
        values[entry.name] = _Value(told.elem_type, sides)
    return values


def _operator(node: onnx.NodeProto, values: Mapping[str, _Value], scaled: set[str]) -> Operator:
    ends = [values[name] for name in (*node.input, *node.output) if name in values]
    moved = sum(value.bytes for value in ends)
    made = values.get(node.output[0])
    half = made is not None and made.kind == _HALF
    numbers = " half" if half else " int8" if node.input and node.input[0] in scaled else ""
    if node.op_type != "Conv" or made is None:
        return Operator(node.op_type + (" half" if half else ""), 0, 0, moved)
    kernel = values[node.input[1]].sides
    lanes = -(-kernel[0] // LANES) * LANES
    macs = math.prod(made.sides) * math.prod(kernel[1:])
    return Operator(_sort(node, kernel) + numbers, macs, macs // kernel[0] * lanes, moved)


def _sort(convolution: onnx.NodeProto, kernel: tuple[int, ...]) -> str:
    attributes: dict[str, Any] = {a.name: a.i for a in convolution.attribute if a.name == "group"}
    if attributes.get("group", 1) > 1:
        return "depthwise"
    return "pointwise" if math.prod(kernel[2:]) == 1 else "dense"
