from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.store import Ledger, Result, Run, folder_name, load_result, result_files

A, B = "a" * 64, "b" * 64
PROVENANCE = {"provenance": "measured:agent:iphone13"}


def put(
    run: Run, structure: str, form: str = "onnx", device: str = "agent:iphone13", **figures: Any
) -> Path:
    result = Result(device, structure, form, PROVENANCE | figures, {})
    file = run.folder / "devices" / folder_name(device) / f"{structure}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(result.dump())
    return file


@pytest.fixture
def filled(run: Run) -> Run:
    """Four trials, of which two share a structure and one has none."""
    for trial, structure in (("t0", A), ("t1", B), ("t2", A), ("t3", None)):
        row = {"trial": trial, "state": "complete", "structure.onnx": structure}
        Ledger(run).write_trial(row | {"structure.coreml": structure})
    return run


def column(run: Run, name: str) -> list[Any]:
    return Ledger(run).trials()[name].to_list()


def test_a_result_is_every_trial_s_of_its_structure(filled: Run) -> None:
    put(filled, A, fps=500.0, p50_ms=2)
    assert column(filled, "speed.agent:iphone13.fps") == [500.0, None, 500.0, None]
    assert column(filled, "speed.agent:iphone13.p50_ms") == [2.0, None, 2.0, None]
    told = "measured:agent:iphone13"
    assert column(filled, "speed.agent:iphone13.provenance") == [told, None, told, None]
    assert column(filled, "trial") == ["t0", "t1", "t2", "t3"]


def test_results_that_know_different_things_have_each_their_own(filled: Run) -> None:
    put(filled, A, fps=500.0)
    put(filled, B, p90_ms=3.0)
    assert column(filled, "speed.agent:iphone13.fps") == [500.0, None, 500.0, None]
    assert column(filled, "speed.agent:iphone13.p90_ms") == [None, 3.0, None, None]


def test_a_trial_that_was_timed_on_the_device_keeps_its_row(filled: Run) -> None:
    own = {"speed.agent:iphone13.fps": 123.0, "speed.agent:iphone13.provenance": "measured:own"}
    row = {"trial": "t0", "state": "complete", "structure.onnx": A}
    Ledger(filled).write_trial(row | own)
    put(filled, A, fps=500.0, cv=0.1)
    assert column(filled, "speed.agent:iphone13.fps") == [123.0, None, 500.0, None]
    assert column(filled, "speed.agent:iphone13.cv") == [None, None, 0.1, None]


def test_a_prediction_gives_way_to_a_measurement(filled: Run) -> None:
    guess: dict[str, Any] = {f"speed.agent:iphone13.{name}": 123.0 for name in ("fps", "p99_ms")}
    guess |= {"speed.agent:iphone13.provenance": "predicted:latency"}
    for trial, structure in (("t0", A), ("t1", B)):
        row = {"trial": trial, "state": "complete", "structure.onnx": structure}
        Ledger(filled).write_trial(row | guess)
    put(filled, A, fps=500.0)
    assert column(filled, "speed.agent:iphone13.fps") == [500.0, 123.0, 500.0, None]
    assert column(filled, "speed.agent:iphone13.provenance")[:2] == [
        "measured:agent:iphone13",
        "predicted:latency",
    ]
    assert column(filled, "speed.agent:iphone13.p99_ms") == [None, 123.0, None, None]


def test_packages_and_onnx_files_are_told_apart(filled: Run) -> None:
    Ledger(filled).write_trial({"trial": "t1", "state": "complete", "structure.coreml": A})
    put(filled, A, "coreml", npu_share=1.0)
    assert column(filled, "speed.agent:iphone13.npu_share") == [1.0, 1.0, 1.0, None]


def test_one_device_may_tell_of_both_forms(filled: Run) -> None:
    put(filled, A, fps=500.0)
    put(filled, B, "coreml", fps=900.0)
    assert column(filled, "speed.agent:iphone13.fps") == [500.0, 900.0, 500.0, None]


def test_devices_do_not_mix(filled: Run) -> None:
    put(filled, A, fps=500.0)
    put(filled, A, device="iphone13", fps=400.0)
    assert column(filled, "speed.agent:iphone13.fps")[0] == 500
    assert column(filled, "speed.iphone13.fps")[0] == 400


def test_a_folder_that_was_copied_makes_no_rows(filled: Run) -> None:
    put(filled, A, fps=500.0)
    shutil.copytree(filled.folder / "devices" / "agent+iphone13", filled.folder / "devices" / "old")
    assert column(filled, "trial") == ["t0", "t1", "t2", "t3"]


def test_what_was_joined_is_not_written(filled: Run) -> None:
    put(filled, A, fps=500.0)
    Ledger(filled).write_trial({"trial": "t4", "state": "failed"})
    assert "speed.agent:iphone13.fps" not in pl.read_parquet(filled.trials_parquet).columns


def test_baselines_are_joined_too(filled: Run) -> None:
    Ledger(filled).write_baseline({"trial": "style1", "structure.onnx": B})
    put(filled, B, fps=500.0)
    assert Ledger(filled).baselines()["speed.agent:iphone13.fps"].to_list() == [500.0]


def test_a_run_of_before_structures_were_told(run: Run) -> None:
    Ledger(run).write_trial({"trial": "t0", "state": "complete"})
    put(run, A, fps=500.0)
    assert Ledger(run).trials().columns == ["trial", "state"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"half a fi",
        b"[]",
        b"{}",
        json.dumps({"results": 2, "device": "a"}).encode(),
        Result("a", A, "onnx", {"fps": 1.0}, {}).dump(),
        Result("a", A, "onnx", PROVENANCE | {"fsp": 1.0}, {}).dump(),
        Result("a", A, "onnx", PROVENANCE | {"fps": "fast"}, {}).dump(),
        Result("a", A, "onnx", PROVENANCE | {"fps": True}, {}).dump(),
        Result("a", A, "onnx", {"provenance": 5.0}, {}).dump(),
        Result("a", A, "onnx", ["fps"], {}).dump(),  # type: ignore[arg-type]
        Result("a", A, "tflite", PROVENANCE, {}).dump(),
        Result("a.b", A, "onnx", PROVENANCE, {}).dump(),
        Result("a", 5, "onnx", PROVENANCE, {}).dump(),  # type: ignore[arg-type]
    ],
)
def test_files_that_hold_no_result_are_passed_over(filled: Run, content: bytes) -> None:
    put(filled, A, fps=500.0).with_name(f"{B}.json").write_bytes(content)
    assert load_result(content) is None
    assert column(filled, "speed.agent:iphone13.fps") == [500.0, None, 500.0, None]


def test_other_files_of_a_device_are_no_results(filled: Run) -> None:
    file = put(filled, A)
    for name in ("agent.json", f".{A}.json.partial", f"{A}.parquet"):
        file.with_name(name).touch()
    assert result_files(filled.folder) == [file]


@given(
    figures=st.dictionaries(st.sampled_from(["fps", "p50_ms", "cv"]), st.floats(0, 1e6)),
    form=st.sampled_from(["onnx", "coreml"]),
)
def test_a_result_is_read_as_it_was_written(figures: dict[str, float], form: str) -> None:
    result = Result("iphone13", A, form, PROVENANCE | figures, {"tool": "xcode"})
    assert load_result(result.dump()) == result
