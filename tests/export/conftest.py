from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from paretint.export import export_onnx
from paretint.student import TinyBeauty

SIZE = 16


def make_network(width: int = 4, seed: int = 0) -> TinyBeauty:
    """A student whose makeup is visible, as a trained one's is."""
    torch.manual_seed(seed)
    network = TinyBeauty(width, 1)
    torch.nn.init.normal_(network.out.weight, std=0.2)
    return network


@pytest.fixture(scope="session")
def network() -> TinyBeauty:
    return make_network()


@pytest.fixture(scope="session")
def exported(network: TinyBeauty, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ONNX file of `network` at 16x16; not to be changed."""
    folder = tmp_path_factory.mktemp("exported")
    return export_onnx(network, SIZE, folder / "model.onnx", {"width": 4, "pairs": 5})


@pytest.fixture(scope="session")
def photos() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (3, 3, SIZE, SIZE), dtype=np.uint8)
