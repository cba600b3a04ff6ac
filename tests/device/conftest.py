from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch

from paretint.export import export_onnx
from paretint.store import Store
from paretint.student import TinyBeauty


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.at(str(tmp_path / "store"))


@pytest.fixture(scope="session")
def student(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Gives the ONNX file of a tiny student at 16x16; not to be changed."""
    folder = tmp_path_factory.mktemp("students")

    @cache
    def write(width: int = 4, seed: int = 0) -> Path:
        torch.manual_seed(seed)
        return export_onnx(TinyBeauty(width, 0), 16, folder / f"{width}-{seed}.onnx")

    return write
