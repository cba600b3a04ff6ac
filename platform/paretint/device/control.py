"""The control model: a fixed network, timed beside every candidate."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import torch

from paretint.export import export_onnx
from paretint.store import Store, key
from paretint.student.network import REDUCTION, TinyBeauty

WIDTH = 16
BLOCKS = 4
SEED = 0
VERSION = 1
"""Of the control model: speeds relative to another one do not compare."""


def control_model(store: Store, shape: tuple[int, ...]) -> Path:
    """The ONNX file of the control model for candidates with input `shape`, made once a store.

    It takes a square photo of the candidate's size, or as near to its area as it can.
    """
    size = _side(shape)
    facts = {"size": size, "width": WIDTH, "blocks": BLOCKS, "seed": SEED}
    folder = store.build("control", key("control", VERSION, **facts), partial(_export, size))
    return folder / "model.onnx"


def _side(shape: tuple[int, ...]) -> int:
    pixels = math.prod(shape) / 3
    return REDUCTION * max(1, round(math.sqrt(pixels) / REDUCTION))


def _export(size: int, folder: Path) -> None:
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(SEED)
        network = TinyBeauty(WIDTH, BLOCKS)
    export_onnx(network, size, folder / "model.onnx")
