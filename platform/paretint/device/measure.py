"""A model's speed on a device, measured or looked up."""

from __future__ import annotations

from pathlib import Path

from paretint.device.interface import Measured
from paretint.device.protocol import Settings
from paretint.device.runners import runner
from paretint.device.timing import Timing, summarise
from paretint.store import Store

STANDARD = Settings()


def measure(
    model: Path, device: str, store: Store, settings: Settings = STANDARD, run: Path | None = None
) -> Timing:
    """The speed of the ONNX file `model` on `device`, as `measured` finds it."""
    return timing(measured(model, device, store, settings, run), device)


def measured(
    model: Path, device: str, store: Store, settings: Settings = STANDARD, run: Path | None = None
) -> Measured:
    """The raw samples of the ONNX file `model` on `device`.

    Models that differ by their weights alone share one measurement. `run` is the folder of the
    run that an agent works at. Raises `UserError` where the device is unknown or not there, or
    the file is missing, is no ONNX file, has dynamic shapes or more than one input.
    """
    return runner(device, run).measured(model, store, settings)


def timing(measured: Measured, device: str) -> Timing:
    """The figures that a measurement on `device` comes down to."""
    return summarise(measured.samples, device, measured.npu_share)
