"""A model's speed: measured once for each structure, device and machine, then looked up."""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import partial
from pathlib import Path

import polars as pl

from paretint.device.control import VERSION as CONTROL
from paretint.device.control import control_model
from paretint.device.protocol import Clock, Settings, collect
from paretint.device.runners import OrtCpu, Runner, runner
from paretint.device.timing import Timing, summarise
from paretint.export import OnnxModel, structure
from paretint.store import Store, key

VERSION = 3
"""Of the protocol's code: what it measured before an increase is measured again."""

SAMPLES_FILE = "samples.parquet"

STANDARD = Settings()


def measure(model: Path, device: str, store: Store, settings: Settings = STANDARD) -> Timing:
    """The speed of the ONNX file `model` on `device`.

    Models that differ by their weights alone share one measurement, whose raw samples lie in the
    store. Raises `UserError` where the device is unknown, or the file is missing, is no ONNX file,
    has dynamic shapes or more than one input.
    """
    chosen = runner(device)
    control = control_model(store, OnnxModel(model).shape)
    host = dict(chosen.fingerprint())
    facts = {
        "structure": structure(model),
        "device": device,
        "host": host,
        "settings": asdict(settings),
        "control": CONTROL,
    }
    time_it = partial(_time, store, chosen, model, control, settings)
    folder = store.build("timing", key("timing", VERSION, **facts), time_it)
    return summarise(pl.read_parquet(folder / SAMPLES_FILE), device)


def _time(
    store: Store, device: Runner, model: Path, control: Path, settings: Settings, folder: Path
) -> None:
    # Two measurements at once on one machine would time each other.
    with store.lock("timing-turn", key("timing-turn", 1, **device.fingerprint())):
        loads = partial(device.load, model), partial(device.load, control)
        samples = collect(*loads, settings, _clock(device))
    samples.write_parquet(folder / SAMPLES_FILE)


def _clock(device: Runner) -> Clock:
    """What times a device's runs: on one thread of the host, the time that the thread ran.

    What other processes take from it is not the model's. Beside a dozen of them on two cores, the
    medians of four measurements lay within 3 % of each other so, and up to 65 % apart on the wall.
    """
    return time.thread_time if device.name == OrtCpu.name else time.perf_counter
