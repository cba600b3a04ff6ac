from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from paretint.export import Operator, export_onnx, operators, sizes
from paretint.student import TinyBeauty


def test_a_convolution_and_what_follows_it(tmp_path: Path) -> None:
    kernel = helper.make_tensor("kernel", TensorProto.FLOAT, [5, 3, 3, 3], [0.0] * 135)
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["photo", "kernel"], ["a"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["a"], ["made"]),
        ],
        "graph",
        [helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, 8, 8])],
        [helper.make_tensor_value_info("made", TensorProto.FLOAT, [1, 5, 8, 8])],
        [kernel],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)]),
              tmp_path / "model.onnx")  # fmt: skip
    macs = 5 * 8 * 8 * 3 * 3 * 3
    assert operators(tmp_path / "model.onnx") == [
        Operator("dense", macs, macs // 5 * 8, 4 * (3 * 64 + 135 + 5 * 64)),
        Operator("Relu", 0, 0, 4 * (5 * 64 + 5 * 64)),
    ]


@pytest.mark.parametrize("convolution", ["dense", "separable"])
def test_the_macs_are_those_that_pytorch_counts(tmp_path: Path, convolution: str) -> None:
    network = TinyBeauty(4, 1, convolution=convolution)
    found = operators(export_onnx(network, 16, tmp_path / "model.onnx"))
    assert sum(one.macs for one in found) == sizes(network, 16).macs
    kinds = {one.kind for one in found if one.macs}
    assert kinds == ({"dense"} if convolution == "dense" else {"dense", "depthwise", "pointwise"})


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_numbers_are_told_apart(tmp_path: Path, precision: str) -> None:
    photos = np.zeros((1, 3, 16, 16), np.uint8)
    network = TinyBeauty(4, 1)
    path = export_onnx(network, 16, tmp_path / "m.onnx", precision=precision, calibration=photos)
    found = operators(path)
    kind = {"fp16": "dense half", "int8": "dense int8"}[precision]
    assert Counter(one.kind for one in found if one.macs) == {kind: 8}
    assert sum(one.macs for one in found) == sizes(network, 16).macs
    assert all(one.bytes > 0 for one in found)
