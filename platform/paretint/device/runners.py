"""The devices by their names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from paretint.config import did_you_mean
from paretint.device.agent import Agent
from paretint.device.android import Android
from paretint.device.coreml import UNITS, CoreML
from paretint.device.interface import Runner
from paretint.device.ort_cpu import OrtCpu
from paretint.errors import UserError

__all__ = [
    "Availability",
    "OrtCpu",
    "Runner",
    "availability",
    "known_devices",
    "runner",
    "runs_coreml",
]

_COREML = tuple(f"coreml:{unit}" if unit else "coreml" for unit in UNITS)

_MAKERS: dict[str, Callable[[str], Runner]] = {
    "ort-cpu": OrtCpu.of,
    "coreml": CoreML.of,
    "android": Android,
}
"""What makes a device of what follows the colon of its name, if anything does."""


class Availability(NamedTuple):
    """A device: whether it can be measured from here, and what it is or lacks."""

    device: str
    there: bool
    detail: str


def known_devices() -> list[str]:
    """The names of the devices that may be at hand."""
    return ["ort-cpu", *_COREML, "android"]


def runner(device: str, run: Path | None = None) -> Runner:
    """The device of that name; an agent is one at the folder `run`.

    Raises `UserError` with the known ones where there is none of that name.
    """
    kind, colon, rest = device.partition(":")
    if kind == "agent" and rest:
        return Agent(rest, run)
    if kind not in _MAKERS or (colon and not rest):
        known = [*known_devices(), "agent:NAME"]
        raise UserError(f"unknown device {device!r}{did_you_mean(device, known)}")
    return _MAKERS[kind](rest)


def runs_coreml(device: str) -> bool:
    """Whether a device runs Core ML packages, or may: an agent's is not known beforehand."""
    return device.partition(":")[0] in ("agent", "coreml")


def availability() -> list[Availability]:
    """Every device that may be at hand, asked whether it is."""
    return [_asked(name) for name in known_devices()]


def _asked(name: str) -> Availability:
    try:
        return Availability(name, True, runner(name).check())
    except UserError as error:
        return Availability(name, False, str(error).removeprefix(f"{name}: "))
