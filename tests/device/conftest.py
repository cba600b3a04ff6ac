from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch

from paretint.config import Experiment
from paretint.export import export_onnx, structure
from paretint.store import Ledger, Run, Store
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


@pytest.fixture
def modelled(tmp_path: Path, experiment: Experiment, student: Callable[..., Path]) -> Run:
    """A run of three complete trials with real models, and one that failed.

    The first two have the same structure.
    """
    run = Run.create(tmp_path / "runs" / "modelled", experiment)
    for trial, width, seed in (("t0000", 4, 0), ("t0001", 4, 1), ("t0002", 6, 0)):
        folder = run.models(trial)
        folder.mkdir(parents=True)
        shutil.copy(student(width, seed), folder / "model.onnx")
        row = {"trial": trial, "state": "complete"}
        row["structure.onnx"] = structure(folder / "model.onnx")
        Ledger(run).write_trial(row)
    Ledger(run).write_trial({"trial": "t0003", "state": "failed", "reason": "its process died"})
    return run
