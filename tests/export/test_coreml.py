from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from paretint.errors import UserError
from paretint.export import bytes_on_disk, coreml_available, export_coreml
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
    return export_coreml(network, 16, folder / "model.mlpackage", {"width": 4})


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
    assert told["range"] == "RGB in [0, 1], in and out"


@needs_coremltools
def test_ships_nothing_but_the_model(package: Path) -> None:
    files = sorted(file.name for file in package.rglob("*") if file.is_file())
    assert files == ["Manifest.json", "model.mlmodel", "weight.bin"]


@needs_coremltools
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
