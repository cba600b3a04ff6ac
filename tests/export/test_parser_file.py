from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import paretint
from paretint.export import (
    OnnxModel,
    Probabilities,
    Sizes,
    bytes_on_disk,
    check_parity,
    coreml_available,
    export_parser,
    parameters,
    sizes,
    structure,
)
from paretint.regions import ARCHITECTURES, CLASSES, FPLIIF, FaceParser

MakeParser = Callable[..., FaceParser]
OTHER_SIZE = 20

needs_coreml = pytest.mark.skipif(coreml_available() is not None, reason="no coremltools here")

EXPORT = """
import sys
from pathlib import Path
from paretint.export import export_parser
from paretint.regions import FPLIIF, Architecture, FaceParser
export_parser(FaceParser(FPLIIF(Architecture(4, (1, 1, 1), 8, 16))), 16, Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def parser(make_parser: MakeParser) -> FaceParser:
    return make_parser()


@pytest.fixture(scope="module")
def folder(parser: FaceParser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parser's files for maps of another size than its photos; not to be changed."""
    folder = tmp_path_factory.mktemp("parser")
    export_parser(parser, OTHER_SIZE, folder)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> onnx.ModelProto:
    return onnx.load(folder / "model.onnx")


@pytest.fixture(scope="module")
def spec(folder: Path) -> Any:
    from coremltools.models import MLModel

    return MLModel(str(folder / "model.mlpackage"), skip_model_load=True).get_spec()


# ONNX


def test_is_one_valid_file_of_fixed_shapes(model: onnx.ModelProto) -> None:
    onnx.checker.check_model(model, full_check=True)
    ends = [
        (
            end.name,
            end.type.tensor_type.elem_type,
            [dim.dim_value for dim in end.type.tensor_type.shape.dim],
        )
        for end in (*model.graph.input, *model.graph.output)
    ]
    assert ends == [
        ("photo", onnx.TensorProto.FLOAT, [1, 3, 16, 16]),
        ("regions", onnx.TensorProto.FLOAT, [1, 19, OTHER_SIZE, OTHER_SIZE]),
    ]


def test_computes_no_shape_and_needs_no_special_operator(model: onnx.ModelProto) -> None:
    known = {"Add", "Conv", "Div", "Exp", "InstanceNormalization", "ReduceMax", "ReduceMean"}
    known |= {"ReduceSum", "Relu", "Resize", "Split", "Sub", "Unsqueeze"}
    assert {node.op_type for node in model.graph.node} == known


def test_stores_no_map_of_coordinates(model: onnx.ModelProto) -> None:
    constants = [tensor for tensor in model.graph.initializer if "network." not in tensor.name]
    assert max(math.prod(tensor.dims) for tensor in constants) == OTHER_SIZE


def test_metadata_tell_version_range_classes_and_architecture(model: onnx.ModelProto) -> None:
    props = {entry.key: entry.value for entry in model.metadata_props}
    assert props.keys() == {"paretint", "range", "classes", "architecture"}
    assert props["paretint"] == paretint.__version__
    assert props["range"] == "photo: RGB in [0, 1]; regions: probabilities in [0, 1]"
    assert json.loads(props["classes"]) == list(CLASSES)
    assert json.loads(props["architecture"]) == {
        "width": 4,
        "blocks": [1, 1, 1],
        "hidden": 8,
        "side": 16,
    }


@pytest.mark.parametrize("size", [16, OTHER_SIZE, 48])
def test_gives_the_network_s_probabilities(
    parser: FaceParser, photos: NDArray[np.uint8], tmp_path: Path, size: int
) -> None:
    export_parser(parser, size, tmp_path)
    photo = np.divide(photos[:1], 255, dtype=np.float32)
    with torch.inference_mode():
        expected = parser.network(torch.from_numpy(photo), size).softmax(dim=1).numpy()
    given = OnnxModel(tmp_path / "model.onnx")(photo)
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(given.sum(axis=1), 1, rtol=1e-5)
    assert check_parity(Probabilities(parser.network, size), tmp_path / "model.onnx", photos) < 1e-5


def test_draws_the_maps_that_the_parser_draws(
    parser: FaceParser, folder: Path, photos: NDArray[np.uint8]
) -> None:
    file = OnnxModel(folder / "model.onnx")
    drawn = [file(np.divide(photo[None], 255, dtype=np.float32)).argmax(1) for photo in photos]
    expected = parser.classes(torch.from_numpy(photos), OTHER_SIZE).numpy()
    assert len(np.unique(expected)) > 2
    assert (np.concatenate(drawn) == expected).mean() > 0.999


def test_parsers_that_differ_by_weights_alone_share_a_structure(
    make_parser: MakeParser, folder: Path, tmp_path: Path
) -> None:
    export_parser(make_parser(seed=1), OTHER_SIZE, tmp_path)
    other = tmp_path / "model.onnx"
    assert other.read_bytes() != (folder / "model.onnx").read_bytes()
    assert structure(other) == structure(folder / "model.onnx")
    export_parser(make_parser(), OTHER_SIZE + 4, tmp_path)
    assert structure(other) != structure(folder / "model.onnx")


def test_says_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", EXPORT, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


# Probabilities


class Certain(nn.Module):
    """Logits far beyond what an exponential can take."""

    def forward(self, photo: Tensor, size: int) -> Tensor:
        logits = photo.new_tensor([1e4, -1e4, 0.0])
        return logits.view(1, 3, 1, 1).expand(len(photo), 3, size, size)


def test_certain_classes_do_not_overflow() -> None:
    drawn = Probabilities(Certain(), 2)(torch.zeros(1, 3, 4, 4))
    assert drawn.equal(torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1).expand(1, 3, 2, 2))


# Sizes


def test_sizes_of_a_small_one(parser: FaceParser, folder: Path) -> None:
    encoder = 3 * 4 * 9 * 16**2 + 4 * 4 * 9 * (2 * 16**2 + 3 * 8**2 + 3 * 4**2)
    neighbourhood = (4 * 16 * 9 + 16 * 4) * 4**2
    first = 4 * 8 * 4**2 + 4 * 8 + 2 * 8 * OTHER_SIZE
    decoder = first + (3 * 8 * 8 + 8 * 19) * OTHER_SIZE**2
    known = sizes(Probabilities(parser.network, OTHER_SIZE), 16)
    assert known == Sizes(params=2_443, macs=encoder + neighbourhood + decoder)
    assert parameters(folder / "model.onnx") == 2_443


def test_sizes_of_the_paper_s() -> None:
    network = Probabilities(FPLIIF(ARCHITECTURES["full"]), 256)
    assert sizes(network, 256) == Sizes(params=2_251_027, macs=36_553_506_816)


# Core ML


@needs_coreml
def test_package_takes_an_image_and_gives_an_array(spec: Any) -> None:
    (photo,), (regions,) = spec.description.input, spec.description.output
    image, array = photo.type.imageType, regions.type.multiArrayType
    assert (photo.name, image.width, image.height) == ("photo", 16, 16)
    assert image.ColorSpace.Name(image.colorSpace) == "RGB"
    assert (regions.name, list(array.shape)) == ("regions", [1, 19, OTHER_SIZE, OTHER_SIZE])
    assert array.ArrayDataType.Name(array.dataType) == "FLOAT32"


@needs_coreml
def test_package_has_the_network_s_operators(spec: Any) -> None:
    (block,) = spec.mlProgram.functions["main"].block_specializations.values()
    kinds = [operation.type for operation in block.operations]
    assert kinds.count("instance_norm") == 2 * 3
    assert kinds.count("upsample_bilinear") == 1
    # 9 of the encoder, 2 of the neighbourhood, 4 + 4 of the decoder
    assert kinds.count("conv") == 19


@needs_coreml
def test_package_tells_its_purpose_and_classes(spec: Any, folder: Path) -> None:
    about = spec.description.metadata
    assert about.shortDescription.startswith("Tells how likely each class")
    assert json.loads(about.userDefined["classes"]) == list(CLASSES)
    assert bytes_on_disk(folder / "model.mlpackage") > 2 * 2_443
