"""Core ML on this Mac: each of its compute units.

Of coremltools 9: `utils.compile_model`, `CompiledMLModel` and `MLComputePlan`, all of which need
macOS. What can be decided without one is in `placement`.
"""

from __future__ import annotations

import importlib
import platform
import tempfile
from collections.abc import Mapping
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from PIL import Image

from paretint.device.host import fingerprint
from paretint.device.interface import Form, Measured
from paretint.device.local import Local
from paretint.device.placement import NPU, Placed, npu_share
from paretint.device.protocol import Infer, Settings, collect
from paretint.errors import UserError
from paretint.export import coreml_available, load_coremltools

UNITS = {"": "ALL", "cpu": "CPU_ONLY", "gpu": "CPU_AND_GPU", "ane": "CPU_AND_NE"}
"""coremltools' name of each compute unit, after `coreml:`."""

_PLACES = {
    "MLCPUComputeDevice": "cpu",
    "MLGPUComputeDevice": "gpu",
    "MLNeuralEngineComputeDevice": NPU,
}


class CoreML(Local):
    """A compute unit of this Mac, by Core ML; load is that of a compiled model, as in an app."""

    form: Form = "coreml"

    def __init__(self, unit: str = "") -> None:
        self.name = f"coreml:{unit}" if unit else "coreml"
        self._unit = UNITS[unit]

    @classmethod
    def of(cls, unit: str) -> CoreML:
        """The unit of that name, all of them where it is empty.

        Raises `UserError` where there is none.
        """
        if unit not in UNITS:
            known = ", ".join(name for name in UNITS if name)
            raise UserError(f"coreml:{unit}: no such compute unit; known: {known}")
        return cls(unit)

    def check(self) -> str:
        """The Mac and what of it is used. Raises `UserError` elsewhere, or without coremltools."""
        if platform.system() != "Darwin":
            raise UserError(
                f"{self.name}: Core ML runs on a Mac only; start there: paretint device agent"
                f" --device {self.name}"
            )
        reason = coreml_available()
        if reason:
            raise UserError(f"{self.name}: {reason}")
        load_coremltools()
        return f"{fingerprint()['cpu']}, macOS {platform.mac_ver()[0]}, {self._unit}"

    def fingerprint(self) -> Mapping[str, str]:
        """The machine, its macOS and the coremltools."""
        versions = {"macos": platform.mac_ver()[0], "coremltools": metadata.version("coremltools")}
        return {**fingerprint(), **versions}

    def turn(self) -> Mapping[str, str]:
        """This machine, whatever the unit: they share its memory."""
        return fingerprint()

    def time(self, model: Path, control: Path, settings: Settings) -> Measured:
        """Time both packages in turns, compiled beforehand."""
        with tempfile.TemporaryDirectory() as scratch:
            compiled = [
                _compiled(package, Path(scratch, f"{name}.mlmodelc"))
                for name, package in (("candidate", model), ("control", control))
            ]
            photos = [_photo(package) for package in (model, control)]
            loads = [
                partial(self.load, file, photo)
                for file, photo in zip(compiled, photos, strict=True)
            ]
            samples = collect(loads[0], loads[1], settings)
            return Measured(samples, npu_share(self.placement(compiled[0])))

    def load(self, compiled: Path, photo: Mapping[str, Image.Image]) -> Infer:
        """Load a compiled model; each call of the result runs it on the photo."""
        models = importlib.import_module("coremltools.models")
        model = models.CompiledMLModel(str(compiled), compute_units=self._compute_unit())
        return partial(model.predict, dict(photo))

    def placement(self, compiled: Path) -> list[Placed]:
        """Return where Core ML plans to run each operator of a compiled ML program."""
        planner = importlib.import_module("coremltools.models.compute_plan").MLComputePlan
        plan = planner.load_from_path(str(compiled), compute_units=self._compute_unit())
        functions = plan.model_structure.program.functions.values()
        operations = [entry for function in functions for entry in function.block.operations]
        placed = (_placed(plan, operation) for operation in operations)
        return [operator for operator in placed if operator is not None]

    def _compute_unit(self) -> Any:
        return importlib.import_module("coremltools").ComputeUnit[self._unit]


def _placed(plan: Any, operation: Any) -> Placed | None:
    """Return where an operator runs; None of a constant, which runs nowhere."""
    usage = plan.get_compute_device_usage_for_mlprogram_operation(operation)
    if usage is None:
        return None
    cost = plan.get_estimated_cost_for_mlprogram_operation(operation)
    unit = _PLACES[type(usage.preferred_compute_device).__name__]
    return Placed(operation.operator_name, unit, None if cost is None else cost.weight)


def _compiled(package: Path, target: Path) -> Path:
    utils = importlib.import_module("coremltools.models.utils")
    return Path(utils.compile_model(str(package), str(target)))


def _photo(package: Path) -> dict[str, Image.Image]:
    """Return a grey photo for each input of a package, all of which are images."""
    utils = importlib.import_module("coremltools.models.utils")
    inputs = utils.load_spec(str(package)).description.input
    sizes = {entry.name: entry.type.imageType for entry in inputs}
    return {
        name: Image.new("RGB", (size.width, size.height), (128, 128, 128))
        for name, size in sizes.items()
    }
