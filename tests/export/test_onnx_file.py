from __future__ import annotations

import json
from pathlib import Path

import onnx
import torch

import paretint
from paretint.export import export_onnx
from paretint.student import TinyBeauty


def test_is_one_valid_file(exported: Path) -> None:
    assert [file.name for file in exported.parent.iterdir()] == ["model.onnx"]
    onnx.checker.check_model(onnx.load(exported), full_check=True)


def test_holds_the_weights(exported: Path, network: TinyBeauty) -> None:
    stored = {tensor.name: tensor for tensor in onnx.load(exported).graph.initializer}
    for name, weight in network.state_dict().items():
        assert (onnx.numpy_helper.to_array(stored[name]) == weight.numpy()).all()


def test_ends_have_the_contract_s_names_and_fixed_shapes(exported: Path) -> None:
    graph = onnx.load(exported).graph
    ends = [
        (
            end.name,
            end.type.tensor_type.elem_type,
            [dim.dim_value for dim in end.type.tensor_type.shape.dim],
        )
        for end in (*graph.input, *graph.output)
    ]
    assert ends == [
        ("photo", onnx.TensorProto.FLOAT, [1, 3, 16, 16]),
        ("made_up", onnx.TensorProto.FLOAT, [1, 3, 16, 16]),
    ]


def test_uses_only_standard_operators_that_accelerators_know(exported: Path) -> None:
    model = onnx.load(exported)
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 18)]
    known = {"Add", "Clip", "Concat", "Conv", "Mul", "Relu", "Resize", "Sub", "Tanh"}
    assert {node.op_type for node in model.graph.node} == known


def test_metadata_tell_version_range_and_recipe(exported: Path) -> None:
    props = {entry.key: entry.value for entry in onnx.load(exported).metadata_props}
    assert props.keys() == {"paretint", "range", "recipe"}
    assert props["paretint"] == paretint.__version__
    assert props["range"] == "photo: RGB in [0, 1]; made_up: RGB in [0, 1]"
    assert json.loads(props["recipe"]) == {"width": 4, "pairs": 5}


def test_tells_nothing_of_the_exporting_machine(exported: Path) -> None:
    assert b".py" not in exported.read_bytes()


def test_leaves_a_network_in_training_alone(network: TinyBeauty, tmp_path: Path) -> None:
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    network.train()
    export_onnx(network, 8, tmp_path / "model.onnx")
    assert network.training
    torch.testing.assert_close(dict(network.state_dict()), before, rtol=0, atol=0)
    assert next(network.parameters()).requires_grad
