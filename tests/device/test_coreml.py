"""What surrounds Core ML; whether it measures shows on a Mac, and is measured there."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from coremltools.models.compute_device import (
    MLComputeDevice,
    MLCPUComputeDevice,
    MLGPUComputeDevice,
    MLNeuralEngineComputeDevice,
)
from coremltools.models.compute_plan import MLComputePlanCost, MLComputePlanDeviceUsage

from paretint.device import Settings, control_model, measure, runner
from paretint.device.coreml import UNITS, CoreML, _photo, _placed
from paretint.device.interface import file_of, structures
from paretint.device.placement import Placed
from paretint.errors import UserError
from paretint.export import export_coreml
from paretint.store import Store
from paretint.student import TinyBeauty

elsewhere = pytest.mark.skipif(platform.system() == "Darwin", reason="this is a Mac")
on_a_mac = pytest.mark.skipif(platform.system() != "Darwin", reason="Core ML runs on a Mac only")


@pytest.mark.parametrize("unit", UNITS)
def test_each_unit_has_its_name(unit: str) -> None:
    assert runner(f"coreml:{unit}" if unit else "coreml").name == CoreML(unit).name


def test_a_unit_that_is_none() -> None:
    with pytest.raises(UserError) as told:
        runner("coreml:npu")
    assert str(told.value) == "coreml:npu: no such compute unit; known: cpu, gpu, ane"


@elsewhere
def test_elsewhere_it_says_so_in_one_line(student: Callable[..., Path], store: Store) -> None:
    with pytest.raises(UserError) as told:
        measure(student(), "coreml:ane", store)
    assert str(told.value) == (
        "coreml:ane: Core ML runs on a Mac only; start there: paretint device agent --device"
        " coreml:ane"
    )
    assert list(store.root.iterdir()) == []


def test_a_candidate_is_the_package_beside_the_onnx_file(
    student: Callable[..., Path], tmp_path: Path
) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(student().read_bytes())
    with pytest.raises(UserError, match=r"model\.mlpackage: no Core ML package here"):
        file_of(model, "coreml")
    assert set(structures(model)) == {"onnx"}
    package = export_coreml(TinyBeauty(4, 0), 16, tmp_path / "model.mlpackage")
    assert file_of(model, "coreml") == package
    assert set(structures(model)) == {"onnx", "coreml"}
    assert file_of(model, "onnx") == model


def test_the_control_model_is_a_package_too(store: Store) -> None:
    package = control_model(store, (1, 3, 16, 16), "coreml")
    assert package.name == "model.mlpackage"
    (photo,) = _photo(package).values()
    assert (photo.size, photo.mode) == ((16, 16), "RGB")
    assert control_model(store, (1, 3, 16, 16)).name == "model.onnx"


def device(kind: type[MLComputeDevice]) -> Any:
    """A compute device of coremltools' own type, whose constructor needs a Mac."""
    return object.__new__(kind)


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        (MLCPUComputeDevice, "cpu"),
        (MLGPUComputeDevice, "gpu"),
        (MLNeuralEngineComputeDevice, "npu"),
    ],
)
def test_an_operator_of_a_plan(kind: type[MLComputeDevice], unit: str) -> None:
    usage = MLComputePlanDeviceUsage(device(kind), [device(kind)])
    plan = SimpleNamespace(
        get_compute_device_usage_for_mlprogram_operation=lambda _: usage,
        get_estimated_cost_for_mlprogram_operation=lambda _: MLComputePlanCost(0.25),
    )
    operation = SimpleNamespace(operator_name="ios16.conv")
    assert _placed(plan, operation) == Placed("ios16.conv", unit, 0.25)
    plan.get_estimated_cost_for_mlprogram_operation = lambda _: None
    assert _placed(plan, operation) == Placed("ios16.conv", unit, None)


def test_a_constant_runs_nowhere() -> None:
    plan = SimpleNamespace(get_compute_device_usage_for_mlprogram_operation=lambda _: None)
    assert _placed(plan, SimpleNamespace(operator_name="const")) is None


@on_a_mac
def test_a_real_measurement(student: Callable[..., Path], store: Store, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(student().read_bytes())
    torch.manual_seed(0)
    export_coreml(TinyBeauty(4, 0), 16, tmp_path / "model.mlpackage")
    quick = Settings(sessions=2, blocks=2, block_ms=0.5, block_runs=3, window=2, warm_up_runs=6)
    timing = measure(model, "coreml", store, quick)
    assert timing.load_ms > 0
    assert timing.p50_ms > 0
    assert timing.npu_share is not None
