"""The host's processor, by onnxruntime."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from paretint.device.host import fingerprint
from paretint.device.interface import Measured
from paretint.device.local import Local
from paretint.device.protocol import Clock, Infer, Settings, collect
from paretint.errors import UserError
from paretint.export import OnnxModel

MOST_THREADS = 256


class OrtCpu(Local):
    """The host's CPU: onnxruntime, a fixed number of threads, batches of one."""

    def __init__(self, threads: int = 1) -> None:
        self.name = "ort-cpu" if threads == 1 else f"ort-cpu:{threads}"
        self._threads = threads

    @classmethod
    def of(cls, count: str) -> OrtCpu:
        """The CPU with as many threads as a text says; one where it is empty.

        Raises `UserError` where that is no number from 1 to 256.
        """
        plain = count.isascii() and count.isdecimal() and not count.startswith("0")
        if count and not (plain and len(count) < 4 and int(count) <= MOST_THREADS):
            raise UserError(f"ort-cpu:{count}: give a number of threads from 1 to {MOST_THREADS}")
        return cls(int(count or 1))

    def check(self) -> str:
        """The processor and the onnxruntime; they are always there."""
        known = fingerprint()
        return f"{known['cpu']}, onnxruntime {known['onnxruntime']}, {_threads(self._threads)}"

    def fingerprint(self) -> Mapping[str, str]:
        """The processor and the onnxruntime; the threads are told by the name."""
        return fingerprint()

    def turn(self) -> Mapping[str, str]:
        """This machine, whatever the number of threads."""
        return fingerprint()

    def time(self, model: Path, control: Path, settings: Settings) -> Measured:
        """Time both ONNX files in turns."""
        loads = partial(self.load, model), partial(self.load, control)
        return Measured(collect(*loads, settings, self.clock))

    @property
    def clock(self) -> Clock:
        """What times runs: on one thread, the time that the thread ran; else the wall's.

        What other processes take from a thread is not the model's. Beside a dozen of them on two
        cores, the medians of four measurements lay within 3 % of each other so, and up to 65 %
        apart on the wall.
        """
        return time.thread_time if self._threads == 1 else time.perf_counter

    def load(self, path: Path) -> Infer:
        """Load the ONNX file. Raises `UserError` where it is not one that can be timed."""
        model = OnnxModel(path, self._threads)
        photo = np.random.default_rng(0).random(model.shape, dtype=np.float32)
        return partial(model, photo)


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"
