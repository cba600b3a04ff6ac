"""The control model: a fixed network, timed beside every candidate."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import torch

from paretint.device.interface import Form
from paretint.export import export_coreml, export_onnx
from paretint.store import Store, key
from paretint.student.network import REDUCTION, TinyBeauty

WIDTH = 16
BLOCKS = 4
SEED = 0
VERSION = 1
"""Of the control model: speeds relative to another one do not compare."""


def control_model(store: Store, shape: tuple[int, ...], form: Form = "onnx") -> Path:
    """The control model's file of a form, for candidates with input `shape`, made once a store.

    It takes a square photo of the candidate's size, or as near to its area as it can. Raises
    `UserError` where Core ML packages cannot be written and one is asked for.
    """
    size = _side(shape)
    facts = {"size": size, "width": WIDTH, "blocks": BLOCKS, "seed": SEED}
    kind, export = ("control", _onnx) if form == "onnx" else ("control-coreml", _coreml)
    folder = store.build(kind, key(kind, VERSION, **facts), partial(export, size))
    return folder / ("model.onnx" if form == "onnx" else "model.mlpackage")


def _side(shape: tuple[int, ...]) -> int:
    pixels = math.prod(shape) / 3
    return REDUCTION * max(1, round(math.sqrt(pixels) / REDUCTION))


def _onnx(size: int, folder: Path) -> None:
    export_onnx(_network(), size, folder / "model.onnx")


def _coreml(size: int, folder: Path) -> None:
    export_coreml(_network(), size, folder / "model.mlpackage")


def _network() -> TinyBeauty:
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(SEED)
        return TinyBeauty(WIDTH, BLOCKS)
