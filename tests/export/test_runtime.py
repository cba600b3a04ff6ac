from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper

from paretint.errors import UserError
from paretint.export import OnnxModel, make_up
from paretint.student import TinyBeauty


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


def test_make_up_gives_what_the_network_gives(
    exported: Path, network: TinyBeauty, photos: NDArray[np.uint8]
) -> None:
    with torch.inference_mode():
        expected = network(torch.from_numpy(photos) / 255) * 255
    made_up = make_up(exported, photos)
    assert made_up.dtype == np.uint8
    assert made_up.shape == photos.shape
    assert np.abs(made_up - expected.numpy()).max() < 0.51
    assert np.abs(made_up.astype(int) - photos).max() > 20


def test_make_up_of_no_photos_is_none(exported: Path) -> None:
    none = np.empty((0, 3, 16, 16), np.uint8)
    assert make_up(exported, none).shape == (0, 3, 16, 16)


def test_photos_of_another_size(exported: Path) -> None:
    photos = np.zeros((2, 3, 32, 32), np.uint8)
    with pytest.raises(UserError, match=r"made for input \[1, 3, 16, 16\], the photos are"):
        make_up(exported, photos)


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
