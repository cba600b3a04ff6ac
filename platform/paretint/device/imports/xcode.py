"""Core ML performance reports of Xcode: the bundle `NAME.mlperf`, with `report.json` in it.

Xcode 16's form, which Apple has not documented; as two public readers of it agree. `computeUnit`
is an `MLComputeUnits`. `deviceInfo` tells `modelName` and `osNameAndVersionWithoutBuildNumber`,
`modelMetadata` the file's name and size. `deviceResults` holds `predict`, `load` and `compile`,
each with `samples` in seconds, and `modelStructure`: of every operator its `cost.weight` and
`deviceUsage.preferred.deviceType`, an object whose one key is `cpu`, `gpu` or `neuralEngine`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paretint.device.imports.report import Report, median, present, times
from paretint.device.placement import NPU, Placed, npu_share

_UNITS = {"cpu": "cpu", "gpu": "gpu", "neuralEngine": NPU}
_COMPUTE_UNITS = ("cpuOnly", "cpuAndGPU", "all", "cpuAndNeuralEngine")


def read_xcode(document: Any) -> Report | None:
    """Read a `report.json`. None where it is something else."""
    if not isinstance(document, dict) or not isinstance(document.get("deviceResults"), dict):
        return None
    results = document["deviceResults"]
    figures = present(
        load_ms=median(_part(results, "load").get("samples"), 1e3),
        npu_share=npu_share(list(_operators(results))),
    )
    runs = times(_part(results, "predict").get("samples"), 1e3)
    return Report("xcode", "coreml", figures, runs, dict(_told(document)))


def _part(parent: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a part of a part ...; {} where there is none."""
    part: Any = parent
    for name in names:
        part = part.get(name) if isinstance(part, dict) else None
    return part if isinstance(part, dict) else {}


def _operators(results: dict[str, Any]) -> Iterator[Placed]:
    functions = _part(results, "modelStructure", "program", "_0", "functions")
    for function in functions.values():
        operations = _part(function, "block").get("operations", [])
        for operation in (entry for entry in operations if isinstance(entry, dict)):
            place = _part(operation, "deviceUsage", "preferred", "deviceType")
            unit = next((_UNITS[name] for name in place if name in _UNITS), None)
            if unit is not None:
                cost = _part(operation, "cost").get("weight")
                yield Placed(str(operation.get("operatorName")), unit, cost)


def _told(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what names no person: a report also tells serial numbers and the phone's own name."""
    for name in ("modelName", "osNameAndVersionWithoutBuildNumber"):
        yield name, _part(document, "deviceInfo").get(name)
    yield "fileName", _part(document, "modelMetadata").get("fileName")
    unit = document.get("computeUnit")
    if isinstance(unit, int) and 0 <= unit < len(_COMPUTE_UNITS):
        yield "computeUnit", _COMPUTE_UNITS[unit]
