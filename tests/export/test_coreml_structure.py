from __future__ import annotations

from pathlib import Path

import pytest
import torch

from paretint.errors import UserError
from paretint.export import coreml_available, coreml_structure, export_coreml
from paretint.student import TinyBeauty

pytestmark = pytest.mark.skipif(coreml_available() is not None, reason="no Core ML tools here")


def package(
    path: Path, width: int = 8, size: int = 16, precision: str = "fp16", seed: int = 0
) -> Path:
    torch.manual_seed(seed)
    network = TinyBeauty(width, 1)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1 * (1 + seed))
    return export_coreml(network, size, path, {"seed": seed}, precision=precision)


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_weights_and_metadata_do_not_count(tmp_path: Path, precision: str) -> None:
    one, other = (
        package(tmp_path / f"{seed}.mlpackage", precision=precision, seed=seed) for seed in (0, 1)
    )
    assert coreml_structure(one) == coreml_structure(other)


def test_width_size_and_precision_count(tmp_path: Path) -> None:
    packages = [
        package(tmp_path / "a.mlpackage"),
        package(tmp_path / "b.mlpackage", width=12),
        package(tmp_path / "c.mlpackage", size=20),
        package(tmp_path / "d.mlpackage", precision="fp32"),
        package(tmp_path / "e.mlpackage", precision="int8"),
    ]
    assert len({coreml_structure(each) for each in packages}) == 5


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is no Core ML package that can be read"):
        coreml_structure(tmp_path)
    spec = tmp_path / "Data" / "com.apple.CoreML" / "model.mlmodel"
    spec.parent.mkdir(parents=True)
    spec.write_bytes(b"\xff not a message")
    with pytest.raises(UserError, match=r"is no Core ML package that can be read"):
        coreml_structure(tmp_path)
    spec.write_bytes(b"")
    with pytest.raises(UserError, match=r"is no ML program; export it"):
        coreml_structure(tmp_path)
