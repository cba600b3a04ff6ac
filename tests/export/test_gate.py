from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from paretint.config import is_column
from paretint.export import Gate, export_onnx, gate
from paretint.student import Release, TinyBeauty

FLOAT = TensorProto.FLOAT
SHAPE: list[int | str] = [1, 4, 16, 16]


def file_of(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    shape: Sequence[int | str] = SHAPE,
    weights: Sequence[onnx.TensorProto] = (),
) -> Path:
    """Write a graph from `photo` to `made`; of `made` only the type is told."""
    ends = [
        helper.make_tensor_value_info("photo", FLOAT, shape),
        helper.make_tensor_value_info("made", FLOAT, None),
    ]
    graph = helper.make_graph(list(nodes), "graph", ends[:1], ends[1:], list(weights))
    domains = [helper.make_opsetid("", 18), helper.make_opsetid("of.our.own", 1)]
    onnx.save(helper.make_model(graph, opset_imports=domains), path)
    return path


def node(kind: str, *given: str, made: str = "made", **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, list(given), [made], **attributes)


@pytest.mark.parametrize(
    ("precision", "axes"),
    [
        ("fp16", {}),
        ("fp32", {"norm": "batch", "convolution": "separable", "decoder": "upsample-first",
                  "downscale": 4}),
    ],
)  # fmt: skip
def test_a_network_made_for_phones_is_theirs_whole(
    tmp_path: Path, precision: str, axes: dict[str, Any]
) -> None:
    network = TinyBeauty(4, 1, **axes).eval()
    path = export_onnx(network, 16, tmp_path / "model.onnx", precision=precision)
    assert gate(path) == Gate((), 1.0, 1.0)


def test_integers_are_for_nnapi_alone(tmp_path: Path) -> None:
    photos = np.zeros((1, 3, 16, 16), np.uint8)
    path = export_onnx(
        TinyBeauty(4, 1), 16, tmp_path / "m.onnx", precision="int8", calibration=photos
    )
    found = gate(path)
    assert (found.warnings, found.nnapi_share) == ((), 1.0)
    nodes = onnx.load(path).graph.node
    scaling = [node for node in nodes if "Linear" in node.op_type]
    assert found.coreml_share == pytest.approx(1 - len(scaling) / len(nodes))


def test_the_published_network_is_warned_of(tmp_path: Path) -> None:
    torch.manual_seed(0)
    found = gate(export_onnx(Release(), 16, tmp_path / "model.onnx"))
    assert found.warnings == (
        "14 Pad (reflect) break it up for Core ML and NNAPI (pad with zeros)",
        "11 InstanceNormalization are not NNAPI's, and no weights take them in"
        " (use norm none or batch)",
        "2 norms written out leave the Neural Engine (use norm none or batch)",
        "onnxruntime cuts it into 15 parts for Core ML and 14 for NNAPI, slower than the CPU alone",
    )
    assert found.coreml_share == pytest.approx(1 - 14 / 82)
    assert found.nnapi_share == pytest.approx(1 - 13 / 82)


def test_instance_norms_are_warned_of(tmp_path: Path) -> None:
    (warning,) = gate(
        export_onnx(TinyBeauty(4, 1, norm="instance"), 16, tmp_path / "m.onnx")
    ).warnings
    assert warning.startswith("7 InstanceNormalization")


@pytest.mark.parametrize(
    ("nodes", "warning"),
    [
        ([node("Relu", "photo", made="a"), node("Gather", "a", "one")],
         "1 Gather leave the Neural Engine"),
        ([node("Tint", "photo", domain="of.our.own")],
         "1 Tint are no operators of ONNX, and run on the CPU"),
        ([node("Conv", "photo", "kernel", dilations=[2, 2])],
         "1 Conv with dilation leave the Neural Engine"),
        ([node("MaxPool", "photo", kernel_shape=[14, 14])],
         "1 MaxPool of kernels over 13 leave the Neural Engine"),
        ([node("ReduceSumSquare", "photo", made="a"), node("Sqrt", "a", made="b"),
          node("Div", "photo", "b")],
         "1 norms written out leave the Neural Engine (use norm none or batch)"),
    ],
)  # fmt: skip
def test_what_leaves_the_accelerators(
    tmp_path: Path, nodes: list[onnx.NodeProto], warning: str
) -> None:
    weights = [
        helper.make_tensor("one", TensorProto.INT64, [1], [0]),
        helper.make_tensor("kernel", FLOAT, [4, 4, 1, 1], [0.0] * 16),
    ]
    assert warning in gate(file_of(tmp_path / "model.onnx", nodes, weights=weights)).warnings


@pytest.mark.parametrize(
    "harmless",
    [
        node("Sqrt", "photo"),
        node("Conv", "photo", "kernel", dilations=[1, 1]),
        node("MaxPool", "photo", kernel_shape=[13, 13]),
        node("Pad", "photo", "widths"),
    ],
)
def test_what_only_looks_like_it(tmp_path: Path, harmless: onnx.NodeProto) -> None:
    weights = [
        helper.make_tensor("widths", TensorProto.INT64, [8], [0, 0, 1, 1, 0, 0, 1, 1]),
        helper.make_tensor("kernel", FLOAT, [4, 4, 1, 1], [0.0] * 16),
    ]
    assert gate(file_of(tmp_path / "model.onnx", [harmless], weights=weights)).warnings == ()


def test_dynamic_shapes_are_counted_and_nothing_of_them_is_taken(tmp_path: Path) -> None:
    nodes = [node("Relu", "photo", made="a"), node("Relu", "a")]
    found = gate(file_of(tmp_path / "model.onnx", nodes, shape=[1, 4, "height", 16]))
    assert found.warnings[0] == "3 dynamic shapes leave the Neural Engine and NNAPI"
    assert (found.coreml_share, found.nnapi_share) == (0, 0)


def test_columns_of_the_ledger() -> None:
    columns = Gate(("one thing", "another"), 0.5, 0.25).columns()
    assert columns == {
        "gate.warnings": 2,
        "gate.coreml_share": 0.5,
        "gate.nnapi_share": 0.25,
        "gate.why": "one thing; another",
    }
    assert all(map(is_column, columns))
    assert Gate((), 1.0, 1.0).columns()["gate.why"] is None
