"""How fast students' files are, each beside the file it is compared with."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from profiling.kernels import kernel_times
from students.candidates import Axes
from students.training import PRECISIONS, untrained, write

from paretint.config.base import Scalar
from paretint.device import OrtCpu, Settings, summarise
from paretint.student import fold_norms

_PROFILED_RUNS = 50


class Speed(NamedTuple):
    """The time of a file over that of another, above 1 where it is faster; 95 % interval."""

    relative: float
    lo: float
    hi: float


def speeds(students: Mapping[str, Axes], beside: str) -> dict[str, Speed]:
    """Return how fast students are against one of them, on one thread.

    The two are timed in turns, block by block. What squeezes a photo to a smaller input is not
    counted: it belongs to the product, and to its graphics processor.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {
            name: _written(axes, Path(folder, str(index)), "fp32")
            for index, (name, axes) in enumerate(students.items())
        }
        return {name: faster(path, files[beside]) for name, path in files.items()}


def int8_speed(axes: Axes) -> dict[str, object]:
    """Return how fast a student is in 8-bit integers against float32, and where the time goes.

    `ms_by_operator` is onnxruntime's own count, for a photo, in either precision.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = {each: _written(axes, Path(folder, each), each) for each in PRECISIONS}
        return {
            "int8_over_fp32": faster(paths["int8"], paths["fp32"]).relative,
            "fp16_over_fp32": faster(paths["fp16"], paths["fp32"]).relative,
            "ms_by_operator": {each: _by_operator(paths[each]) for each in ("fp32", "int8")},
        }


def instruction_sets() -> list[str]:
    """Return what of the processor's vectors 8-bit integers need to be fast, as Linux names it."""
    wanted = ("avx2", "avx_vnni", "avx512f", "avx512_vnni", "amx_int8")
    info = Path("/proc/cpuinfo")
    flags = set(info.read_text().split()) if info.exists() else set()
    return [name for name in wanted if name in flags]


def faster(one: Path, other: Path) -> Speed:
    """Return how many times as fast the first file is."""
    device = OrtCpu()
    timing = summarise(device.time(one, other, Settings()).samples, device.name)
    return Speed(timing.relative, timing.relative_lo, timing.relative_hi)


def _written(axes: Mapping[str, Scalar], folder: Path, precision: str) -> Path:
    folder.mkdir()
    size = int(axes["input_size"])
    noise = torch.randint(0, 256, (2, 3, size, size), dtype=torch.uint8)
    return write(fold_norms(untrained(axes).eval()), size, folder, precision, noise)


def _by_operator(path: Path) -> dict[str, float]:
    """Return the milliseconds that each kind of operator takes of one inference."""
    spent: dict[str, float] = defaultdict(float)
    for args, us in kernel_times(path, path.parent, _PROFILED_RUNS):
        spent[args["op_name"]] += us / 1000 / _PROFILED_RUNS
    return {name: round(ms, 3) for name, ms in sorted(spent.items(), key=lambda item: -item[1])}
