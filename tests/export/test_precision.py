from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from paretint.export import OnnxModel, check_parity, export_onnx, make_up, parameters, structure
from paretint.export.runtime import batch_of
from paretint.student import TinyBeauty


@pytest.fixture(scope="module")
def files(
    network: TinyBeauty, photos: NDArray[np.uint8], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The network's file in each precision, by its name."""
    folder = tmp_path_factory.mktemp("precisions")
    return {
        precision: export_onnx(
            network, 16, folder / f"{precision}.onnx", {"width": 4}, precision=precision,
            calibration=photos,
        )
        for precision in ("fp32", "fp16", "int8")
    }  # fmt: skip


def operators(path: Path) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load(path).graph.node)


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_is_one_valid_file_with_the_same_ends(files: dict[str, Path], precision: str) -> None:
    whole, small = (onnx.load(files[name]) for name in ("fp32", precision))
    onnx.checker.check_model(small, full_check=True)
    assert list(small.graph.input) == list(whole.graph.input)
    assert list(small.graph.output) == list(whole.graph.output)
    assert sorted(entry.key for entry in small.metadata_props) == ["paretint", "range", "recipe"]


def test_half_floats_hold_every_weight(files: dict[str, Path]) -> None:
    kinds = {tensor.data_type for tensor in onnx.load(files["fp16"]).graph.initializer}
    assert onnx.TensorProto.FLOAT16 in kinds
    floats = [tensor for tensor in onnx.load(files["fp16"]).graph.initializer
              if tensor.data_type == onnx.TensorProto.FLOAT]  # fmt: skip
    assert all(tensor.name.startswith("val_") or not tensor.dims for tensor in floats)


def test_every_convolution_is_in_integers_and_the_last_sum_is_not(files: dict[str, Path]) -> None:
    graph = onnx.load(files["int8"]).graph
    made_by = {name: node.op_type for node in graph.node for name in node.output}
    for node in graph.node:
        sources = {made_by[name] for name in node.input if name in made_by}
        if node.op_type == "Conv":
            assert sources == {"DequantizeLinear"}
        elif node.op_type == "Add" and "made_up" not in node.output:
            assert "QuantizeLinear" not in sources
    last = next(node for node in graph.node if "made_up" in node.output)
    assert "QuantizeLinear" not in {made_by.get(name) for name in last.input}
    weights = [
        t for t in graph.initializer if t.data_type == onnx.TensorProto.INT8 and len(t.dims) == 4
    ]
    assert len(weights) == operators(files["fp32"])["Conv"]


def test_between_convolutions_nothing_is_turned_to_a_float(files: dict[str, Path]) -> None:
    graph = onnx.load(files["int8"]).graph
    made_by = {name: node.op_type for node in graph.node for name in node.output}
    moved = [node for node in graph.node if node.op_type in ("Concat", "Resize")]
    assert len(moved) == 4
    assert {made_by[node.input[0]] for node in moved} == {"DequantizeLinear"}
    assert "Relu" not in made_by.values()  # what is below zero is below the unsigned integers


def test_no_sum_overflows_the_16_bits_of_older_processors(files: dict[str, Path]) -> None:
    weights = [
        onnx.numpy_helper.to_array(tensor)
        for tensor in onnx.load(files["int8"]).graph.initializer
        if tensor.data_type == onnx.TensorProto.INT8 and len(tensor.dims) == 4
    ]
    assert max(abs(values.astype(int)).max() for values in weights) == 64


@pytest.mark.parametrize(("precision", "limit"), [("fp32", 1e-6), ("fp16", 2e-3), ("int8", 1e-2)])
def test_is_near_its_network(
    files: dict[str, Path],
    network: TinyBeauty,
    photos: NDArray[np.uint8],
    precision: str,
    limit: float,
) -> None:
    assert check_parity(network, files[precision], photos, precision) < limit


def test_smaller_files_are_smaller(photos: NDArray[np.uint8], tmp_path: Path) -> None:
    wide = TinyBeauty(24, 4)
    calibration = photos.repeat(2, axis=2).repeat(2, axis=3)
    sizes = [
        export_onnx(wide, 32, tmp_path / f"{name}.onnx", precision=name, calibration=calibration)
        .stat()
        .st_size
        for name in ("fp32", "fp16", "int8")
    ]
    assert sizes[0] > 1.8 * sizes[1]
    assert sizes[0] > 2.5 * sizes[2]


def test_every_precision_has_the_parameters_of_its_network(
    files: dict[str, Path], network: TinyBeauty
) -> None:
    params = sum(parameter.numel() for parameter in network.parameters())
    assert {name: parameters(path) for name, path in files.items()} == dict.fromkeys(files, params)


def test_integers_need_photos(network: TinyBeauty, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="need photos to be calibrated on"):
        export_onnx(network, 16, tmp_path / "model.onnx", precision="int8")


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_other_weights_and_photos_leave_the_structure(
    files: dict[str, Path], photos: NDArray[np.uint8], tmp_path: Path, precision: str
) -> None:
    other = export_onnx(
        TinyBeauty(4, 1), 16, tmp_path / "other.onnx", precision=precision,
        calibration=photos[:1] // 2,
    )  # fmt: skip
    assert structure(other) == structure(files[precision])
    assert structure(other) != structure(files["fp32"])


def test_photos_are_made_up_alike(files: dict[str, Path], photos: NDArray[np.uint8]) -> None:
    whole = make_up(OnnxModel(files["fp32"]), photos).astype(int)
    assert np.abs(make_up(OnnxModel(files["fp16"]), photos) - whole).max() <= 1
    assert np.abs(OnnxModel(files["int8"])(batch_of(photos[0])) * 255 - whole[0]).mean() < 2
