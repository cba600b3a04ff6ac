"""What every device can do, wherever it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import polars as pl

from paretint.device.protocol import Settings
from paretint.errors import UserError
from paretint.export import coreml_structure, structure
from paretint.store import Store

Form = Literal["onnx", "coreml"]
"""Which of a model's files a device runs: `model.onnx`, or `model.mlpackage` beside it."""


class Measured(NamedTuple):
    """What a measurement leaves.

    samples: the columns `protocol.SAMPLES`; npu_share: the share of the work that a neural
    accelerator takes, from 0 to 1, None where the device does not tell.
    """

    samples: pl.DataFrame
    npu_share: float | None = None


class Runner(Protocol):
    """A device: what tells how fast a model is on it."""

    @property
    def name(self) -> str:
        """The device's name in experiments and columns."""

    def check(self) -> str:
        """Say in a line what would be measured. Raises `UserError` where it cannot be."""

    def measured(self, model: Path, store: Store, settings: Settings) -> Measured:
        """Time the model whose ONNX file is `model`, or look up what was measured before.

        Raises `UserError` where the device is not there, or the file cannot be timed.
        """


def file_of(model: Path, form: Form) -> Path:
    """The file of the model at `model` (ONNX) that a device of that form runs.

    Raises `UserError` where it has none.
    """
    if form == "onnx":
        return model
    package = model.with_suffix(".mlpackage")
    if not package.is_dir():
        raise UserError(f"{package}: no Core ML package here; export the model with coremltools")
    return package


def structure_of(model: Path, form: Form) -> str:
    """The structure of the model's file of that form."""
    return structure(model) if form == "onnx" else coreml_structure(file_of(model, form))


def structures(model: Path) -> Mapping[Form, str]:
    """The structure of each file that the model at `model` (ONNX) has."""
    forms: tuple[Form, ...] = ("onnx", "coreml")
    there = [form for form in forms if form == "onnx" or model.with_suffix(".mlpackage").is_dir()]
    return {form: structure_of(model, form) for form in there}
