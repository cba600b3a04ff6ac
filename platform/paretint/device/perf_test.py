"""What onnxruntime's own perf tool prints (onnxruntime, `test/perftest/performance_runner.cc`)."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = r"([0-9.]+(?:e[+-]?[0-9]+)?)"
_LOAD = re.compile(rf"^Session creation time cost: *{_NUMBER} *s", re.MULTILINE)
_RUN = re.compile(rf"^[^,\n]*,{_NUMBER},[0-9]+,-?[0-9]+,[0-9]+$", re.MULTILINE)


class Timed(NamedTuple):
    """One start of the tool: how long the session took to make, and each inference, in ms."""

    load_ms: float
    runs_ms: list[float]


def command(tool: str, model: str, result: str, runs: int) -> str:
    """The call of the tool for `runs` inferences on one thread, and of what shows their times.

    It makes its own input (`-I`), runs once before it counts, and appends to `result`.
    """
    folder = tool.rpartition("/")[0]
    call = f"LD_LIBRARY_PATH={folder} {tool} -I -m times -r {runs} -x 1 -y 1 {model} {result}"
    return f"rm -f {result} && {call} && cat {result}"


def parse(output: str) -> Timed:
    """Read the tool's output and its result file behind it; both tell seconds.

    The file has a line for each inference: the name of the model's folder, the time, the peak of
    memory, the use of the CPU, and the number of the inference. Raises ValueError where the times
    are not there.
    """
    load, runs = _LOAD.search(output), _RUN.findall(output)
    if load is None or not runs:
        raise ValueError("onnxruntime_perf_test printed no times")
    return Timed(float(load[1]) * 1e3, [float(seconds) * 1e3 for seconds in runs])
