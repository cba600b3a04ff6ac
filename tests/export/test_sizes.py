from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from torch import nn

from paretint.export import Sizes, bytes_on_disk, parameters, sizes
from paretint.student import TinyBeauty


def test_of_one_convolution() -> None:
    convolution = nn.Conv2d(3, 2, 3, padding=1)
    assert sizes(convolution, 8) == Sizes(params=2 * 3 * 9 + 2, macs=2 * 3 * 9 * 64)


def test_of_the_paper_s_network() -> None:
    assert sizes(TinyBeauty(24, 4), 256) == Sizes(params=82_251, macs=655_884_288)


def test_a_file_has_the_parameters_of_its_network(exported: Path, network: TinyBeauty) -> None:
    assert parameters(exported) == sizes(network, 16).params


def test_a_constant_that_is_no_weight_is_no_parameter(exported: Path, tmp_path: Path) -> None:
    model = onnx.load(exported)
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.ones(1000), "note"))
    onnx.save(model, tmp_path / "other.onnx")
    assert parameters(tmp_path / "other.onnx") == parameters(exported)


def test_bytes_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"12345")
    assert bytes_on_disk(file) == 5


def test_bytes_of_a_folder_are_those_of_all_its_files(tmp_path: Path) -> None:
    package = tmp_path / "model.mlpackage"
    (package / "Data").mkdir(parents=True)
    (package / "Manifest.json").write_bytes(b"{}")
    (package / "Data" / "weight.bin").write_bytes(b"123")
    assert bytes_on_disk(package) == 5
