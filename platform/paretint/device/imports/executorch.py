"""What ExecuTorch tells of a model's speed, in either of two forms.

`benchmark_results.json` of its benchmark apps (executorch/extension/benchmark): a list of
metrics, each `{"benchmarkModel": .., "metric": "avg_inference_latency(ms)", "actualValue": ..}`;
`model_load_time(ms)` is another one.

The table of an ETDump that `Inspector.save_data_to_tsv` writes (executorch.devtools): tab
separated, a row an event, with `event_name` and `p50 (ms)`, `p90 (ms)`, `avg (ms)` ..; the events
`Method::execute` and `Program::load_method` are the inferences and the load.
"""

from __future__ import annotations

import csv
import re
from typing import Any

from paretint.device.imports.report import Report, present

_UNITS_MS = {None: 1.0, "s": 1e3, "ms": 1.0, "us": 1e-3, "ns": 1e-6}
_HEAD = re.compile(r"(?P<name>p50|p90|avg)(?: \((?P<unit>[a-z]+)\))?")


def read_executorch_json(document: Any) -> Report | None:
    """Read a `benchmark_results.json`. None where it is something else."""
    if not isinstance(document, list) or not all(_is_metric(entry) for entry in document):
        return None
    told = {entry["metric"]: float(entry["actualValue"]) for entry in document}
    mean = told.get("avg_inference_latency(ms)")
    if mean is None:
        return None
    figures = present(fps=1000 / mean, load_ms=told.get("model_load_time(ms)"))
    return Report("executorch", "onnx", figures)


def _is_metric(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("metric"), str)
        and isinstance(entry.get("actualValue"), int | float)
    )


def read_executorch_tsv(text: str) -> Report | None:
    """Read the table of an ETDump. None where it is something else."""
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    events = {row.get("event_name"): _times(row) for row in rows}
    runs, load = events.get("Method::execute", {}), events.get("Program::load_method", {})
    if not runs:
        return None
    middle = runs.get("p50") or runs.get("avg")
    figures = present(
        fps=None if middle is None else 1000 / middle,
        p50_ms=runs.get("p50"),
        p90_ms=runs.get("p90"),
        load_ms=load.get("p50"),
    )
    return Report("executorch", "onnx", figures)


def _times(row: dict[str, str]) -> dict[str, float]:
    """Return an event's times in ms; those of a unit that is no time, such as cycles, are not."""
    heads = ((head, _HEAD.fullmatch(head or "")) for head in row)
    known = [(head, match) for head, match in heads if match and match["unit"] in _UNITS_MS]
    return {match["name"]: float(row[head]) * _UNITS_MS[match["unit"]] for head, match in known}
