"""What a speed measured on this machine depends on."""

from __future__ import annotations

import platform
import subprocess
from functools import cache
from pathlib import Path

import onnxruntime


@cache
def fingerprint() -> dict[str, str]:
    """This machine as far as speeds are concerned: two of the same may share a measurement."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "cpu": cpu_model(),
        "onnxruntime": onnxruntime.__version__,
    }


def cpu_model() -> str:
    """The processor's name as its maker gives it, else its architecture."""
    if platform.system() == "Darwin":
        return _ask("sysctl", "-n", "machdep.cpu.brand_string")
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _ask(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
