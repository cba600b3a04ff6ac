"""The devices on which a file can be timed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from paretint.config.hints import did_you_mean
from paretint.device.host import fingerprint
from paretint.device.protocol import Infer
from paretint.errors import UserError
from paretint.export import OnnxModel


class Runner(Protocol):
    """A device: where a model file is loaded and run."""

    @property
    def name(self) -> str:
        """The device's name in experiments and columns."""

    def load(self, path: Path) -> Infer:
        """Load the model afresh; each call of the result runs it once."""

    def fingerprint(self) -> Mapping[str, str]:
        """What a speed on this device depends on besides the model."""


class OrtCpu:
    """The host's CPU: onnxruntime, one thread, batches of one."""

    name = "ort-cpu"

    def load(self, path: Path) -> Infer:
        """Load the ONNX file. Raises `UserError` where it is not one that can be timed."""
        model = OnnxModel(path)
        photo = np.random.default_rng(0).random(model.shape, dtype=np.float32)
        return partial(model, photo)

    def fingerprint(self) -> Mapping[str, str]:
        """The processor and the onnxruntime."""
        return fingerprint()


_RUNNERS: Mapping[str, Runner] = {runner.name: runner for runner in (OrtCpu(),)}


def known_devices() -> list[str]:
    """The names of the devices that can be measured here."""
    return sorted(_RUNNERS)


def runner(device: str) -> Runner:
    """The runner of the device of that name. Raises `UserError` with the known ones."""
    if device not in _RUNNERS:
        raise UserError(f"unknown device {device!r}{did_you_mean(device, _RUNNERS)}")
    return _RUNNERS[device]
