"""An Android phone, by adb and onnxruntime's own perf tool."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from paretint.device.adb import Phone, find_phone
from paretint.device.interface import Measured
from paretint.device.local import Local
from paretint.device.perf_test import command, parse
from paretint.device.protocol import SAMPLES, Sample, Settings, settled
from paretint.device.relative import relative
from paretint.errors import UserError

TOOL_VARIABLE = "PARETINT_PERF_TEST"
TOOL = "/data/local/tmp/onnxruntime_perf_test"
FOLDER = "/data/local/tmp/paretint"

_TOLD = ("ro.product.manufacturer", "ro.product.model", "ro.soc.model", "ro.build.version.release")


class Android(Local):
    """A phone's CPU: onnxruntime, one thread. Every block is a fresh session, in turns."""

    def __init__(self, serial: str = "") -> None:
        self.name = f"android:{serial}" if serial else "android"
        self._serial = serial

    def check(self) -> str:
        """The phone. Raises `UserError` where it, adb or the perf tool is not there."""
        phone = self._phone()
        told = self._told(phone)
        maker, model, _, version = (told[name] for name in _TOLD)
        return f"{maker} {model}, Android {version}, {phone.serial}"

    def fingerprint(self) -> Mapping[str, str]:
        """The phone's make, its chip, its Android and the perf tool."""
        phone = self._phone()
        return {**self._told(phone), "tool": phone.shell(f"md5sum {_tool()}").split()[0]}

    def turn(self) -> Mapping[str, str]:
        """The phone."""
        return {"phone": self._phone().serial}

    def time(self, model: Path, control: Path, settings: Settings) -> Measured:
        """Push both ONNX files, and start the tool on each in turns."""
        phone = self._phone()
        phone.shell(f"mkdir -p {FOLDER}")
        for name, file in (("candidate", model), ("control", control)):
            phone.push(file, _there(name))
        pace = dict.fromkeys(("candidate", "control"), math.inf)
        samples = pl.DataFrame(schema=SAMPLES)
        for session in range(max(settings.sessions, settings.max_sessions) * settings.blocks):
            enough = session >= settings.sessions * settings.blocks
            if enough and relative(samples).width <= settings.wide:
                break
            more = list(self._session(phone, session, pace, settings))
            samples = samples.vstack(pl.DataFrame(more, schema=SAMPLES, orient="row"))
        phone.shell(f"rm -r {FOLDER}")
        return Measured(samples)

    def _session(
        self, phone: Phone, session: int, pace: dict[str, float], settings: Settings
    ) -> Iterator[Sample]:
        for name in pace:
            runs = max(settings.block_runs, math.ceil(settings.block_ms / pace[name]))
            start = self._start(phone, name, 2 * settings.window + runs, settings)
            yield name, session, "load", 0, start.load_ms
            yield from ((name, session, "warm-up", 0, ms) for ms in start.warm_up_ms)
            yield from ((name, session, "run", 0, ms) for ms in start.runs_ms)
            pace[name] = statistics.median(start.runs_ms)

    def _start(self, phone: Phone, name: str, runs: int, settings: Settings) -> Start:
        result = f"{FOLDER}/result.csv"
        output = phone.shell(command(_tool(), _there(name), result, runs))
        try:
            timed = parse(output)
        except ValueError as error:
            raise UserError(f"{self.name}: {error}") from None
        return split(timed.load_ms, timed.runs_ms, settings)

    def _phone(self) -> Phone:
        phone = find_phone(self._serial)
        if not phone.succeeds(f"test -x {_tool()}"):
            raise UserError(
                f"{self.name}: {_tool()} is not on the phone; push onnxruntime_perf_test there, or"
                f" give its path in ${TOOL_VARIABLE}"
            )
        return phone

    def _told(self, phone: Phone) -> dict[str, str]:
        lines = phone.shell("; ".join(f"getprop {name}" for name in _TOLD)).splitlines()
        return dict(zip(_TOLD, (line.strip() for line in lines), strict=True))


class Start(NamedTuple):
    """One start of the tool, its inferences parted where their pace had settled; in ms."""

    load_ms: float
    warm_up_ms: list[float]
    runs_ms: list[float]


def split(load_ms: float, times: list[float], settings: Settings) -> Start:
    """Part inferences at the first whose windows before it are alike.

    As many as a block needs are runs all the same.
    """
    latest = max(0, len(times) - settings.block_runs)
    ends = range(min(2 * settings.window, latest), latest)
    end = next((end for end in ends if settled(times[:end], settings)), latest)
    return Start(load_ms, times[:end], times[end:])


def _tool() -> str:
    return os.environ.get(TOOL_VARIABLE) or TOOL


def _there(name: str) -> str:
    return f"{FOLDER}/{name}.onnx"
