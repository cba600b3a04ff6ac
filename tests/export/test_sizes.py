from __future__ import annotations

from pathlib import Path

from torch import nn

from paretint.export import Sizes, bytes_on_disk, sizes
from paretint.student import TinyBeauty


def test_of_one_convolution() -> None:
    convolution = nn.Conv2d(3, 2, 3, padding=1)
    assert sizes(convolution, 8) == Sizes(params=2 * 3 * 9 + 2, macs=2 * 3 * 9 * 64)


def test_of_the_paper_s_network() -> None:
    assert sizes(TinyBeauty(24, 4), 256) == Sizes(params=82_251, macs=655_884_288)


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
