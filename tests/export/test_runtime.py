from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from paretint.errors import UserError
from paretint.export import OnnxModel


def write_onnx(
    path: Path,
    inputs: Sequence[str] = ("photo",),
    shape: Sequence[int | str] = (1, 3, 8, 8),
    kind: int = TensorProto.FLOAT,
) -> Path:
    """A valid ONNX file that adds up its inputs."""
    ends = [helper.make_tensor_value_info(name, kind, shape) for name in (*inputs, "made_up")]
    node = helper.make_node("Sum", list(inputs), ["made_up"])
    graph = helper.make_graph([node], "sum", ends[:-1], ends[-1:])
    opsets = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), path)
    return path


def test_shape_of_the_input(exported: Path) -> None:
    assert OnnxModel(exported).shape == (1, 3, 16, 16)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.onnx: no ONNX file here"):
        OnnxModel(tmp_path / "absent.onnx")


@pytest.mark.parametrize("content", [b"", b"not an ONNX file\n", b"\x08\x0a\x3a"])
def test_not_an_onnx_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "text.onnx"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"text\.onnx: not an ONNX file") as told:
        OnnxModel(path)
    assert "\n" not in str(told.value)


def test_a_broken_off_file(exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "half.onnx"
    path.write_bytes(exported.read_bytes()[:2000])
    with pytest.raises(UserError, match=r"half\.onnx: not an ONNX file"):
        OnnxModel(path)


def test_an_unknown_operator(tmp_path: Path) -> None:
    path = write_onnx(tmp_path / "custom.onnx")
    model = onnx.load(path)
    model.graph.node[0].op_type = "Makeup"
    onnx.save(model, path)
    with pytest.raises(UserError, match=r"custom\.onnx: not an ONNX file that onnxruntime can run"):
        OnnxModel(path)


def test_two_inputs(tmp_path: Path) -> None:
    path = write_onnx(tmp_path / "model.onnx", inputs=("photo", "mask"))
    with pytest.raises(UserError, match=r"has 2 inputs \(photo, mask\); export it with one"):
        OnnxModel(path)


def test_a_dynamic_shape(tmp_path: Path) -> None:
    path = write_onnx(tmp_path / "model.onnx", shape=("batch", 3, 8, 8))
    with pytest.raises(UserError, match=r"'photo' has the dynamic shape \['batch', 3, 8, 8\]"):
        OnnxModel(path)


def test_an_input_that_is_not_float32(tmp_path: Path) -> None:
    path = write_onnx(tmp_path / "model.onnx", kind=TensorProto.DOUBLE)
    with pytest.raises(UserError, match=r"'photo' is tensor\(double\)"):
        OnnxModel(path)
