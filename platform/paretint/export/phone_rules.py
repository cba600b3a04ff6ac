"""What is known to keep a graph off the accelerators of phones.

Apple documents no list. What is here was seen by others: on the Neural Engine
(github.com/hollance/neural-engine, docs/unsupported-layers.md and issue 1; apple/coremltools
issues 1780 and 1875), in onnxruntime's Core ML provider (microsoft/onnxruntime issue 28022), in
the operators that its NNAPI provider lists, and by TinyBeauty's own users (its issue 12).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import onnx
from onnxruntime.tools.mobile_helpers.usability_checker import check_shapes

_OFF_THE_ENGINE = frozenset(
    {
        "GRU", "Gather", "GatherElements", "GatherND", "GridSample", "If", "LSTM", "Loop",
        "NonMaxSuppression", "NonZero", "RNN", "Scan", "ScatterElements", "ScatterND", "TopK",
    }
)  # fmt: skip
_NORMS = frozenset({"GroupNormalization", "InstanceNormalization", "LayerNormalization"})
_REDUCTIONS = frozenset({"ReduceL2", "ReduceMean", "ReduceSum", "ReduceSumSquare"})
_POOLS = frozenset({"AveragePool", "LpPool", "MaxPool"})
_LARGEST_POOL = 13
_STEPS_TO_A_ROOT = 6
"""From the first mean of a norm that is written out to its root: Sub, Pow, Reduce, Div, Add."""


def broken(model: onnx.ModelProto) -> list[str]:
    """Return what the rules find in a model with inferred shapes, each in a few words."""
    return [found for rule in _RULES if (found := rule(model.graph)) is not None]


def _dynamic(graph: onnx.GraphProto) -> str | None:
    _, count = check_shapes(graph)
    return f"{count} dynamic shapes leave the Neural Engine and NNAPI" if count else None


def _unsupported(graph: onnx.GraphProto) -> str | None:
    return _told(
        (node for node in graph.node if node.op_type in _OFF_THE_ENGINE), "leave the Neural Engine"
    )


def _foreign(graph: onnx.GraphProto) -> str | None:
    foreign = (node for node in graph.node if node.domain not in ("", "ai.onnx"))
    return _told(foreign, "are no operators of ONNX, and run on the CPU")


def _padding(graph: onnx.GraphProto) -> str | None:
    padded = [node for node in graph.node if node.op_type == "Pad"]
    mirrored = [
        node for node in padded if _attributes(node).get("mode", b"constant") != b"constant"
    ]
    if not mirrored:
        return None
    modes = " and ".join(sorted({_attributes(node)["mode"].decode() for node in mirrored}))
    return f"{len(mirrored)} Pad ({modes}) break it up for Core ML and NNAPI (pad with zeros)"


def _dilated(graph: onnx.GraphProto) -> str | None:
    dilated = (n for n in graph.node if max(_attributes(n).get("dilations", [1]), default=1) > 1)
    return _told(dilated, "with dilation leave the Neural Engine")


def _pooling(graph: onnx.GraphProto) -> str | None:
    large = (
        node
        for node in graph.node
        if node.op_type in _POOLS and max(_attributes(node)["kernel_shape"]) > _LARGEST_POOL
    )
    return _told(large, f"of kernels over {_LARGEST_POOL} leave the Neural Engine")


def _stock_norms(graph: onnx.GraphProto) -> str | None:
    norms = (node for node in graph.node if node.op_type in _NORMS)
    return _told(norms, "are not NNAPI's, and no weights take them in (use norm none or batch)")


def _written_out_norms(graph: onnx.GraphProto) -> str | None:
    """Norms of several operators: a root of a sum or mean that is a few steps before it."""
    makers = {name: node for node in graph.node for name in node.output}
    count = sum(node.op_type == "Sqrt" and _of_a_reduction(node, makers) for node in graph.node)
    return (
        f"{count} norms written out leave the Neural Engine (use norm none or batch)"
        if count
        else None
    )


def _of_a_reduction(root: onnx.NodeProto, makers: Mapping[str, onnx.NodeProto]) -> bool:
    front = [root]
    for _ in range(_STEPS_TO_A_ROOT):
        front = [makers[name] for node in front for name in node.input if name in makers]
        if any(node.op_type in _REDUCTIONS for node in front):
            return True
    return False


def _told(nodes: Iterable[onnx.NodeProto], fate: str) -> str | None:
    """Return `2 LSTM, 1 TopK <fate>`; None where there are no such operators."""
    counts = sorted(Counter(node.op_type for node in nodes).items())
    return f"{', '.join(f'{count} {kind}' for kind, count in counts)} {fate}" if counts else None


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {entry.name: onnx.helper.get_attribute_value(entry) for entry in node.attribute}


_RULES: tuple[Callable[[onnx.GraphProto], str | None], ...] = (
    _dynamic,
    _unsupported,
    _foreign,
    _padding,
    _dilated,
    _pooling,
    _stock_norms,
    _written_out_norms,
)
