"""What an ONNX file computes, apart from the values of its weights."""

from __future__ import annotations

from pathlib import Path

import onnx

from paretint.store import key

# The operators whose time does not depend on the values of their constants. The constants of
# all others, such as the scales of a Resize, belong to the structure.
_WEIGHTED = frozenset(
    {
        "BatchNormalization",
        "Conv",
        "ConvTranspose",
        "Gemm",
        "InstanceNormalization",
        "LayerNormalization",
        "MatMul",
        "PRelu",
    }
)


_SCALING = frozenset({"QuantizeLinear", "DequantizeLinear"})


def structure(path: Path) -> str:
    """The digest of an ONNX file's operators, attributes, connections and shapes.

    Two files that differ by their weights, the scales of their integers or their metadata alone
    have the same one, and so share a measured speed.
    """
    model = onnx.load(path)
    return key(
        "structure",
        1,
        opsets=sorted([entry.domain, entry.version] for entry in model.opset_import),
        ends=[_hex(entry) for entry in (*model.graph.input, *model.graph.output)],
        nodes=[_node(node) for node in model.graph.node],
        constants=_constants(model.graph),
    )


def _node(node: onnx.NodeProto) -> list[object]:
    attributes = sorted(node.attribute, key=lambda attribute: attribute.name)
    return [
        node.domain,
        node.op_type,
        list(node.input),
        list(node.output),
        [_hex(attribute) for attribute in attributes],
    ]


def weights(graph: onnx.GraphProto) -> list[str]:
    """The names of what layers multiply by or add, whole, in parts or as integers: one a use."""
    stored = {node.output[0]: node.input[0] for node in _scaling(graph)}
    layers = [node for node in graph.node if node.op_type in _WEIGHTED]
    used = [stored.get(name, name) for node in layers for name in node.input[1:]]
    parted = [node for node in graph.node if node.op_type == "Split"]
    return used + [node.input[0] for node in parted if not set(used).isdisjoint(node.output)]


def _scaling(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    return [node for node in graph.node if node.op_type in _SCALING]


def _constants(graph: onnx.GraphProto) -> list[list[object]]:
    scales = [name for node in _scaling(graph) for name in node.input[1:]]
    learned = {*weights(graph), *scales}
    return [
        [tensor.name, tensor.data_type, list(tensor.dims), _value(tensor, learned)]
        for tensor in graph.initializer
    ]


def _value(tensor: onnx.TensorProto, learned: set[str]) -> str | None:
    return None if tensor.name in learned else onnx.numpy_helper.to_array(tensor).tobytes().hex()


def _hex(message: onnx.ValueInfoProto | onnx.AttributeProto) -> str:
    serialised: bytes = message.SerializeToString(deterministic=True)
    return serialised.hex()
