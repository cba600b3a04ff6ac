"""What TFLite's (LiteRT's) `benchmark_model` prints.

tensorflow/lite/tools/benchmark/benchmark_model.cc: a line of statistics of the warm-up, another
of the runs, `count=50 first=.. curr=.. min=.. max=.. avg=.. std=..` in microseconds, newer ones
with `p5=.. median=.. p95=..` too; then `Inference timings in us: Init: .., First inference: ..,
Warmup (avg): .., Inference (avg): ..`. It keeps no raw samples.
"""

from __future__ import annotations

import re

from paretint.device.imports.report import Report, present

_NUMBER = r"([0-9.]+(?:e[+-]?[0-9]+)?)"
_TIMINGS = re.compile(
    rf"Inference timings in us: Init: {_NUMBER}, First inference: {_NUMBER},"
    rf" Warmup \(avg\): {_NUMBER}, Inference \(avg\): {_NUMBER}"
)
_STATISTICS = re.compile(r"count=[0-9]+ .*")
_FIELD = re.compile(rf"([a-z0-9]+)={_NUMBER}")


def read_tflite(text: str) -> Report | None:
    """Read the output. None where it is something else.

    Without a median, as of older tools, `fps` is that of the mean.
    """
    timings = _TIMINGS.search(text)
    if timings is None:
        return None
    lines = _STATISTICS.findall(text[: timings.start()])
    told = {name: float(value) / 1e3 for name, value in _FIELD.findall(lines[-1] if lines else "")}
    mean, median, spread = float(timings[4]) / 1e3, told.get("median"), told.get("std")
    figures = present(
        fps=1000 / (median or mean),
        p50_ms=median,
        cv=None if spread is None else spread / mean,
        load_ms=float(timings[1]) / 1e3,
    )
    return Report("tflite", "onnx", figures)
