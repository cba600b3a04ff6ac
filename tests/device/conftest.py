from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import onnx
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


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Gives an ONNX file of some layers, each a convolution and what follows it; at 16x16."""
    folder = tmp_path_factory.mktemp("layers")

    @cache
    def write(channels: int, count: int, follows: str = "Relu") -> Path:
        nodes, weights, given = [], [], 3
        for index in range(count):
            kernel = np.zeros((channels, given, 3, 3), np.float32)
            weights.append(onnx.numpy_helper.from_array(kernel, f"kernel{index}"))
            source, made = f"value{2 * index}", f"value{2 * index + 2}"
            between = f"value{2 * index + 1}"
            convolved = [source, f"kernel{index}"]
            nodes += [
                onnx.helper.make_node("Conv", convolved, [between], pads=[1, 1, 1, 1]),
                onnx.helper.make_node(follows, [between], [made]),
            ]
            given = channels
        ends = [
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, sides, 16, 16])
            for name, sides in (("value0", 3), (f"value{2 * count}", channels))
        ]
        graph = onnx.helper.make_graph(nodes, "layers", ends[:1], ends[1:], weights)
        opset = onnx.helper.make_opsetid("", 18)
        path = folder / f"{channels}-{count}-{follows}.onnx"
        onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10), path)
        return path

    return write
