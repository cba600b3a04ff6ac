"""Profiles of Qualcomm AI Hub: the JSON of `ProfileJob.download_profile()` (qai_hub).

`execution_summary` tells times in microseconds: `all_inference_times`, `estimated_inference_time`
(the least of them), `all_warm_load_times` and `warm_load_time`, and others. `execution_detail`
holds the operators, each with its `compute_unit` (`CPU`, `GPU`, `NPU`) and, where the runtime
tells it, its `execution_time`.
"""

from __future__ import annotations

from typing import Any

from paretint.device.imports.report import Report, median, present, times
from paretint.device.placement import Placed, npu_share


def read_aihub(document: Any) -> Report | None:
    """Read a profile. None where it is something else."""
    if not isinstance(document, dict) or not isinstance(document.get("execution_summary"), dict):
        return None
    summary, detail = document["execution_summary"], document.get("execution_detail")
    operators = [_placed(entry) for entry in detail or [] if isinstance(entry, dict)]
    figures = present(load_ms=_load(summary), npu_share=npu_share(operators))
    return Report("aihub", "onnx", figures, times(summary.get("all_inference_times"), 1e-3))


def _load(summary: dict[str, Any]) -> float | None:
    """Return how long a model takes to load that the phone has prepared once."""
    every = median(summary.get("all_warm_load_times"), 1e-3)
    return every if every is not None else median([summary.get("warm_load_time")], 1e-3)


def _placed(entry: dict[str, Any]) -> Placed:
    unit, cost = str(entry.get("compute_unit")).lower(), entry.get("execution_time")
    return Placed(str(entry.get("type")), unit, cost)
