from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from paretint.config import Experiment
from paretint.dashboard import (
    NumberOrigin,
    Placement,
    RunView,
    SpeedOrigin,
    number_origins,
    placement_table,
    speed_origins,
)
from paretint.store import Result


def view(
    experiment: Experiment, rows: list[dict[str, Any]], folder: Path, *known: dict[str, Any]
) -> RunView:
    table = pl.DataFrame(rows, infer_schema_length=None)
    baselines = pl.DataFrame(known) if known else pl.DataFrame()
    return RunView("made-up", experiment, table, pl.DataFrame(), baselines, folder)


def speed(trial: str, told: str | None, **figures: float) -> dict[str, Any]:
    named = {f"speed.phone.{name}": value for name, value in figures.items()}
    return {"trial": trial, "state": "complete", "speed.phone.provenance": told, **named}


def write_result(folder: Path, structure: str, source: dict[str, Any], told: str) -> None:
    result = Result("phone", structure * 64, "onnx", {"fps": 1.0, "provenance": told}, source)
    path = folder / "devices" / "phone" / f"{structure * 64}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(result.dump())


def test_speeds_are_told_by_device_and_provenance(experiment: Experiment, tmp_path: Path) -> None:
    host = {"cpu": "A", "os": "B"}
    write_result(tmp_path, "a", {"device": "ort-cpu", "host": host}, "measured:phone")
    write_result(tmp_path, "b", {"device": "ort-cpu", "host": host}, "measured:phone")
    write_result(tmp_path, "c", {"tool": "aihub", "sha256": "d" * 64}, "measured:phone:aihub")
    rows = [
        speed("t0", "measured:phone", fps=1.0, p50_ms=2.0),
        speed("t1", "measured:phone", fps=1.0),
        speed("t2", None, fps=1.0),
        speed("t3", "predicted:phone", fps=1.0, fps_lo=0.5, fps_hi=1.5),
        {"trial": "t4", "state": "failed", "speed.phone.provenance": None},
    ]
    imported = speed("style1", "measured:phone:aihub", fps=1.0)
    assert speed_origins(view(experiment, rows, tmp_path, imported), ["phone", "none"]) == (
        SpeedOrigin("phone", "measured:phone", 2, 0, ("fps", "p50_ms"),
                    (("device ort-cpu, cpu A, os B", 2),)),
        SpeedOrigin("phone", "unstated", 1, 0, ("fps",), ()),
        SpeedOrigin("phone", "predicted:phone", 1, 0, ("fps",), ()),
        SpeedOrigin("phone", "measured:phone:aihub", 0, 1, ("fps",),
                    (("tool aihub, sha256 dddddddddddd", 1),)),
    )  # fmt: skip


def test_other_numbers_are_told_by_their_kind(experiment: Experiment, tmp_path: Path) -> None:
    rows = [
        {"trial": "t0", "state": "complete", "quality.psnr": 1.0, "size.params": 3, "seed": 7},
        {"trial": "t1", "state": "failed", "quality.coreml.psnr": None, "size.params": 4},
    ]
    found = number_origins(view(experiment, rows, tmp_path))
    assert [(origin.columns, origin.trials) for origin in found] == [
        ("quality.*", 1),
        ("size.*", 2),
    ]
    assert all(isinstance(origin, NumberOrigin) and origin.told for origin in found)


def test_models_are_told_together_that_run_on_the_same_parts(
    experiment: Experiment, tmp_path: Path
) -> None:
    def gated(trial: str, share: float, why: str | None, npu: float | None) -> dict[str, Any]:
        return {
            "trial": trial, "state": "complete", "gate.coreml_share": share,
            "gate.nnapi_share": 1.0, "gate.why": why, "speed.phone.npu_share": npu,
        }  # fmt: skip

    rows = [
        gated("t0", 0.5, "a resize", None),
        gated("t1", 1.0, None, 0.75),
        gated("t2", 1.0, None, 1.0),
        {"trial": "t3", "state": "failed"},
    ]
    found = placement_table(view(experiment, rows, tmp_path), ["host", "phone"])
    assert found.devices == ("phone",)
    assert found.rows == (
        Placement("t1", 2, 1.0, 1.0, None, ((0.75, 1.0),)),
        Placement("t0", 1, 0.5, 1.0, "a resize", (None,)),
    )


def test_an_older_ledger_tells_nothing_of_operators(
    experiment: Experiment, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    found = placement_table(view(experiment, rows, tmp_path), ["ort-cpu"])
    assert (found.devices, found.rows) == ((), ())
