"""Devices at hand: timed from this machine, once for each structure, then looked up."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

import polars as pl

from paretint.device.control import VERSION as CONTROL
from paretint.device.control import control_model
from paretint.device.interface import Form, Measured, file_of, structure_of
from paretint.device.protocol import Settings
from paretint.export import OnnxModel
from paretint.store import Store, key

VERSION = 3
"""Of the protocol's code: what it measured before an increase is measured again."""

SAMPLES_FILE = "samples.parquet"
PLACEMENT_FILE = "placement.json"


class Local(ABC):
    """A device that this machine can reach itself."""

    name: str
    form: Form = "onnx"

    @abstractmethod
    def check(self) -> str:
        """Say in a line what would be measured. Raises `UserError` where it cannot be."""

    @abstractmethod
    def fingerprint(self) -> Mapping[str, str]:
        """What a speed on this device depends on besides the model."""

    @abstractmethod
    def turn(self) -> Mapping[str, str]:
        """What only one measurement at a time may use: two at once would time each other."""

    @abstractmethod
    def time(self, model: Path, control: Path, settings: Settings) -> Measured:
        """Time both files, of the device's form, in turns."""

    def measured(self, model: Path, store: Store, settings: Settings) -> Measured:
        """Return the measurement of the model's structure; it is made on the first call.

        Models that differ by their weights alone share it. Its raw samples lie in the store.
        """
        self.check()
        control = control_model(store, OnnxModel(model).shape, self.form)
        facts = {
            "structure": structure_of(model, self.form),
            "device": self.name,
            "host": dict(self.fingerprint()),
            "settings": asdict(settings),
            "control": CONTROL,
        }
        file = file_of(model, self.form)
        make = partial(self._write, store, file, control, settings)
        return _read(store.build("timing", key("timing", VERSION, **facts), make))

    def _write(
        self, store: Store, model: Path, control: Path, settings: Settings, folder: Path
    ) -> None:
        with store.lock("timing-turn", key("timing-turn", 1, **self.turn())):
            measured = self.time(model, control, settings)
        measured.samples.write_parquet(folder / SAMPLES_FILE)
        if measured.npu_share is not None:
            (folder / PLACEMENT_FILE).write_text(json.dumps({"npu_share": measured.npu_share}))


def _read(folder: Path) -> Measured:
    placement = folder / PLACEMENT_FILE
    share = json.loads(placement.read_text())["npu_share"] if placement.exists() else None
    return Measured(pl.read_parquet(folder / SAMPLES_FILE), share)
