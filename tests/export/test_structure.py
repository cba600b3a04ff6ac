from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
import torch
from onnx import ModelProto

from paretint.export import export_onnx, structure
from paretint.student import TinyBeauty


def trained(width: int, seed: int) -> TinyBeauty:
    torch.manual_seed(seed)
    return TinyBeauty(width, 1)


def test_weights_and_recipe_do_not_matter(exported: Path, tmp_path: Path) -> None:
    other = export_onnx(trained(4, seed=1), 16, tmp_path / "other.onnx", {"width": 4, "pairs": 2})
    assert other.read_bytes() != exported.read_bytes()
    assert structure(other) == structure(exported)


@pytest.mark.parametrize(("width", "size"), [(8, 16), (4, 32)])
def test_width_and_size_matter(exported: Path, tmp_path: Path, width: int, size: int) -> None:
    other = export_onnx(trained(width, seed=0), size, tmp_path / "other.onnx")
    assert structure(other) != structure(exported)


def scale_up(model: ModelProto) -> None:
    """Another scale of a Resize: a constant, yet no weight."""
    resize = next(node for node in model.graph.node if node.op_type == "Resize")
    scales = next(entry for entry in model.graph.initializer if entry.name == resize.input[2])
    values = onnx.numpy_helper.to_array(scales) * 2
    scales.CopyFrom(onnx.numpy_helper.from_array(values, scales.name))


def smooth(model: ModelProto) -> None:
    resize = next(node for node in model.graph.node if node.op_type == "Resize")
    mode = next(attribute for attribute in resize.attribute if attribute.name == "mode")
    mode.s = b"linear"


def swap_operator(model: ModelProto) -> None:
    next(node for node in model.graph.node if node.op_type == "Relu").op_type = "Sigmoid"


def raise_opset(model: ModelProto) -> None:
    model.opset_import[0].version = 19


@pytest.mark.parametrize("change", [scale_up, smooth, swap_operator, raise_opset])
def test_what_is_computed_matters(
    exported: Path, tmp_path: Path, change: Callable[[ModelProto], None]
) -> None:
    model = onnx.load(exported)
    change(model)
    onnx.save(model, tmp_path / "other.onnx")
    assert structure(tmp_path / "other.onnx") != structure(exported)
