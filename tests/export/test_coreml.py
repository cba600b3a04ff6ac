from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import paretint
from paretint.errors import UserError
from paretint.export import bytes_on_disk, coreml_available, export_coreml, student_signature
from paretint.student import TinyBeauty

needs_coremltools = pytest.mark.skipif(
    importlib.util.find_spec("coremltools") is None, reason="coremltools is not installed"
)

CONVERT = """
import sys
from pathlib import Path
from paretint.export import export_coreml
from paretint.student import TinyBeauty
export_coreml(TinyBeauty(4, 0), 8, Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def package(network: TinyBeauty, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coreml")
    signature = student_signature("rose", "CC-BY-4.0")
    return export_coreml(network, 16, folder / "model.mlpackage", {"width": 4}, signature)


def spec_of(package: Path) -> Any:
    from coremltools.models import MLModel

    return MLModel(str(package), skip_model_load=True).get_spec()


@pytest.fixture(scope="module")
def spec(package: Path) -> Any:
    return spec_of(package)


@needs_coremltools
def test_takes_and_gives_an_image(spec: Any) -> None:
    ends = [*spec.description.input, *spec.description.output]
    images = [(end.name, end.type.imageType) for end in ends]
    assert [
        (name, image.width, image.height, image.ColorSpace.Name(image.colorSpace))
        for name, image in images
    ] == [("photo", 16, 16, "RGB"), ("made_up", 16, 16, "RGB")]


@needs_coremltools
def test_is_an_ml_program_for_ios_16(spec: Any) -> None:
    assert spec.WhichOneof("Type") == "mlProgram"
    assert spec.specificationVersion == 7


def operators(spec: Any) -> list[str]:
    (block,) = spec.mlProgram.functions["main"].block_specializations.values()
    return [operation.type for operation in block.operations]


@needs_coremltools
def test_has_the_network_s_operators(spec: Any) -> None:
    kinds = operators(spec)
    assert kinds.count("conv") == 8
    assert kinds.count("upsample_nearest_neighbor") == 2
    assert kinds.count("tanh") == 1


@needs_coremltools
def test_metadata_tell_the_recipe(spec: Any) -> None:
    told = spec.description.metadata.userDefined
    assert json.loads(told["recipe"]) == {"width": 4}
    ends = "photo: an RGB image of 8 bits; made_up: an RGB image of 8 bits"
    assert told["range"] == ends
    assert (told["style"], told["licence"]) == ("rose", "CC-BY-4.0")


@needs_coremltools
def test_xcode_shows_what_it_is(spec: Any) -> None:
    shown, metadata = spec.description, spec.description.metadata
    assert shown.input[0].shortDescription == "an RGB image of 8 bits"
    assert shown.output[0].shortDescription == "an RGB image of 8 bits"
    assert (metadata.license, metadata.versionString) == ("CC-BY-4.0", paretint.__version__)
    assert metadata.shortDescription == "Adds makeup to a photo cropped to a face."


@needs_coremltools
def test_ships_nothing_but_the_model(package: Path) -> None:
    files = sorted(file.name for file in package.rglob("*") if file.is_file())
    assert files == ["Manifest.json", "model.mlmodel", "weight.bin"]


@needs_coremltools
def test_precisions_are_those_of_the_weights(tmp_path: Path) -> None:
    network = TinyBeauty(16, 1)
    sizes, kinds = [], []
    for precision in ("fp32", "fp16", "int8"):
        package = export_coreml(
            network, 16, tmp_path / f"{precision}.mlpackage", precision=precision
        )
        sizes.append(bytes_on_disk(package))
        kinds.append(operators(spec_of(package)))
    assert sizes[0] > 1.5 * sizes[1] > 1.7 * sizes[2]
    assert ["constexpr_lut_to_dense" in kind for kind in kinds] == [False, False, True]
    assert [kind.count("conv") for kind in kinds] == [8, 8, 8]


@needs_coremltools
def test_says_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CONVERT, str(tmp_path / "model.mlpackage")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@needs_coremltools
def test_available_here() -> None:
    assert coreml_available() is None


def test_another_suffix(network: TinyBeauty, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a Core ML package is named \.mlpackage"):
        export_coreml(network, 16, tmp_path / "model.coreml")


def test_absence_is_told_in_one_line(
    network: TinyBeauty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "coremltools", None)  # what Python refuses to import
    reason = coreml_available()
    assert reason == "coremltools cannot be imported; pip install 'coremltools>=9.0'"
    with pytest.raises(UserError) as told:
        export_coreml(network, 16, tmp_path / "model.mlpackage")
    assert str(told.value) == f"model.mlpackage: {reason}"
    assert not (tmp_path / "model.mlpackage").exists()
