from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from torch import Tensor, nn

from paretint.export import ParityError, check_parity, export_onnx
from paretint.student import TinyBeauty


def with_bias(source: Path, target: Path, added: float) -> Path:
    """The file at `source` with `added` on the last layer's bias."""
    model = onnx.load(source)
    bias = next(tensor for tensor in model.graph.initializer if tensor.name == "out.bias")
    changed = onnx.numpy_helper.to_array(bias) + np.float32(added)
    bias.CopyFrom(onnx.numpy_helper.from_array(changed, bias.name))
    onnx.save(model, target)
    return target


def test_an_export_agrees(network: TinyBeauty, exported: Path, photos: NDArray[np.uint8]) -> None:
    assert check_parity(network, exported, photos) < 1e-6


def test_changed_weights_are_noticed(
    network: TinyBeauty, exported: Path, photos: NDArray[np.uint8], tmp_path: Path
) -> None:
    changed = with_bias(exported, tmp_path / "model.onnx", 0.01)
    with pytest.raises(ParityError, match=r"model\.onnx: differs from its network by 0\.01"):
        check_parity(network, changed, photos)


def test_a_difference_below_the_limit_is_told(
    network: TinyBeauty, exported: Path, photos: NDArray[np.uint8], tmp_path: Path
) -> None:
    changed = with_bias(exported, tmp_path / "model.onnx", 5e-5)
    assert check_parity(network, changed, photos) == pytest.approx(5e-5, rel=0.05)


def test_a_file_that_gives_nan_fails(
    network: TinyBeauty, exported: Path, photos: NDArray[np.uint8], tmp_path: Path
) -> None:
    changed = with_bias(exported, tmp_path / "model.onnx", float("nan"))
    with pytest.raises(ParityError, match="by nan"):
        check_parity(network, changed, photos)


def test_the_first_operator_that_differs_is_named(
    network: TinyBeauty, exported: Path, photos: NDArray[np.uint8], tmp_path: Path
) -> None:
    model = onnx.load(exported)
    down = next(tensor for tensor in model.graph.initializer if tensor.name == "down2.conv.bias")
    changed = onnx.numpy_helper.to_array(down) + np.float32(3)
    down.CopyFrom(onnx.numpy_helper.from_array(changed, down.name))
    onnx.save(model, tmp_path / "model.onnx")
    convolutions = [node.name for node in model.graph.node if node.op_type == "Conv"]
    with pytest.raises(ParityError, match=f"in fp32; first in Conv '{convolutions[2]}'"):
        check_parity(network, tmp_path / "model.onnx", photos)


class BrightestToWhite(nn.Module):
    """Gives NaN for a black photo, and no other."""

    def forward(self, photo: Tensor) -> Tensor:
        return photo / photo.max()


def test_nan_for_the_last_photo_alone_fails(tmp_path: Path) -> None:
    path = export_onnx(BrightestToWhite(), 4, tmp_path / "model.onnx")
    photos = np.stack([np.full((3, 4, 4), 255, np.uint8), np.zeros((3, 4, 4), np.uint8)])
    with pytest.raises(ParityError, match="by nan"):
        check_parity(BrightestToWhite(), path, photos)


def test_without_photos_nothing_is_checked(
    network: TinyBeauty, exported: Path, photos: NDArray[np.uint8]
) -> None:
    with pytest.raises(ValueError, match="zero-size"):
        check_parity(network, exported, photos[:0])
