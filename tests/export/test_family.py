from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from paretint.config.recipe import PUBLISHED
from paretint.export import check_parity, export_coreml, export_onnx
from paretint.student import Student, build_student

AXES: dict[str, Any] = {
    "stem": 3, "decoder": "convolve-first", "norm": "none", "convolution": "dense", "downscale": 1,
    "resize": "bilinear",
}  # fmt: skip


def student(**changed: Any) -> Student:
    """A student of 4 channels, its norms and its makeup as if it were trained."""
    torch.manual_seed(0)
    told = {"network": "compact", "width": 4, "blocks": 1, **AXES, **changed}
    network = build_student({**told, **(PUBLISHED if told["network"] == "release" else {})})
    for name, parameter in network.named_parameters():
        if name.startswith("out."):
            torch.nn.init.normal_(parameter, std=0.2)
    network(torch.rand(4, 3, 16, 16))
    return network


VARIANTS = [
    {"network": "release"},
    {"stem": 7},
    {"decoder": "upsample-first"},
    {"norm": "batch"},
    {"norm": "instance"},
    {"convolution": "separable"},
    {"downscale": 4},
    {"norm": "batch", "convolution": "separable", "downscale": 2},
    {"downscale": 2, "resize": "liif"},
    {"resize": "sub-pixel"},
    {"decoder": "upsample-first", "downscale": 2, "resize": "sub-pixel"},
    {"norm": "batch", "downscale": 4, "resize": "liif"},
]


@pytest.mark.parametrize("changed", VARIANTS, ids=str)
def test_every_student_exports_true_to_itself(
    changed: dict[str, Any], photos: NDArray[np.uint8], tmp_path: Path
) -> None:
    network = student(**changed)
    path = export_onnx(network, 16, tmp_path / "model.onnx")
    assert check_parity(network, path, photos) < 1e-5
    kinds = {node.op_type for node in onnx.load(path).graph.node}
    assert "BatchNormalization" not in kinds


@pytest.mark.parametrize("changed", [VARIANTS[0], *VARIANTS[-5:-2]], ids=str)
def test_every_student_becomes_a_core_ml_package(changed: dict[str, Any], tmp_path: Path) -> None:
    package = export_coreml(student(**changed), 16, tmp_path / "model.mlpackage")
    assert (package / "Manifest.json").is_file()
