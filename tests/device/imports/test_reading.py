"""Reports as each tool writes them, with the numbers made small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.device.imports import Report, read_report
from paretint.errors import UserError

XCODE: dict[str, Any] = {
    "computeUnit": 2,
    "deviceInfo": {
        "modelName": "iPhone 13",
        "osNameAndVersionWithoutBuildNumber": "iOS 18.7",
        "serialNumber": "SECRET",
        "displayName": "Ada's phone",
    },
    "modelMetadata": {"fileName": "model", "size": 164_000},
    "deviceResults": {
        "predict": {"samples": [0.002, 0.001, 0.004, 0.001], "numOperations": 4},
        "load": {"samples": [0.5, 0.7, 0.6]},
        "compile": {"samples": [0.1]},
        "modelStructure": {
            "program": {
                "_0": {
                    "functions": {
                        "main": {
                            "block": {
                                "operations": [
                                    {"operatorName": "const"},
                                    {
                                        "operatorName": "ios16.conv",
                                        "cost": {"weight": 0.75},
                                        "deviceUsage": {
                                            "preferred": {"deviceType": {"neuralEngine": {}}}
                                        },
                                    },
                                    {
                                        "operatorName": "ios16.add",
                                        "cost": {"weight": 0.25},
                                        "deviceUsage": {"preferred": {"deviceType": {"cpu": {}}}},
                                    },
                                ]
                            }
                        }
                    }
                }
            }
        },
    },
}
AIHUB: dict[str, Any] = {
    "execution_summary": {
        "estimated_inference_time": 1000,
        "first_load_time": 1374293,
        "warm_load_time": 277823,
        "all_first_load_times": [1374293],
        "all_warm_load_times": [277823, 300000, 290000],
        "all_inference_times": [3000, 1000, 2000],
    },
    "execution_detail": [
        {"compute_unit": "CPU", "execution_time": 23, "name": "a", "type": "MUL"},
        {"compute_unit": "NPU", "execution_cycles": 1, "execution_time": 69, "type": "CONV"},
    ],
}
TFLITE = """\
INFO: STARTING!
INFO: Graph: [./model.tflite]
INFO: Initialized session in 7.003ms.
INFO: Running benchmark for at least 1 iterations and at least 0.5 seconds
INFO: count=9 first=56903 curr=56276 min=56251 max=56903 avg=56415.2 std=245

INFO: Running benchmark for at least 50 iterations and at least 1 seconds
INFO: count=50 first=5200 curr=5100 min=5000 max=6000 avg=5e+03 std=250

INFO: Inference timings in us: Init: 7003, First inference: 56903, Warmup (avg): 56415.2, \
Inference (avg): 5e+03
"""
EXECUTORCH_JSON = [
    {
        "benchmarkModel": {"name": "student", "backend": "xnnpack", "quantization": "q8"},
        "metric": metric,
        "actualValue": value,
        "targetValue": 0.0,
        "deviceInfo": {"device": "google", "arch": "Pixel 8", "os": "Android 15"},
    }
    for metric, value in (("avg_inference_latency(ms)", 4.0), ("model_load_time(ms)", 33.5))
]
EXECUTORCH_TSV = (
    "\tevent_block_name\tevent_name\tp10 (ms)\tp50 (ms)\tp90 (ms)\tavg (ms)\tmin (ms)\tmax (ms)\n"
    "0\tDefault\tProgram::load_method\t33.3\t33.3\t33.3\t33.3\t33.3\t33.3\n"
    "1\tExecute\tDELEGATE_CALL\t0.041\t0.044\t0.047\t0.046\t0.033\t4.39\n"
    "2\tExecute\tMethod::execute\t0.45\t0.5\t0.55\t0.54\t0.39\t4.40\n"
)


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def read(tmp_path: Path, content: Any) -> Report:
    return read_report(write(tmp_path / "report", content))


def test_xcode(tmp_path: Path) -> None:
    bundle = tmp_path / "model-iPhone 13.mlperf"
    bundle.mkdir()
    write(bundle / "report.json", XCODE)
    report = read_report(bundle)
    assert (report.tool, report.form, report.runs_ms) == ("xcode", "coreml", (2.0, 1.0, 4.0, 1.0))
    assert report.known() == {
        "fps": pytest.approx(1000 / 1.5),
        "p50_ms": 1.5,
        "p90_ms": pytest.approx(3.4),
        "p99_ms": pytest.approx(3.94),
        "cv": pytest.approx(1.5**0.5 / 2),
        "load_ms": 600.0,
        "npu_share": 0.75,
    }
    assert report.told == {
        "modelName": "iPhone 13",
        "osNameAndVersionWithoutBuildNumber": "iOS 18.7",
        "fileName": "model",
        "computeUnit": "all",
    }


def test_xcode_without_a_plan_or_a_load(tmp_path: Path) -> None:
    report = read(tmp_path, {"deviceResults": {"predict": {"samples": [0.002]}}})
    assert set(report.known()) == {"fps", "p50_ms", "p90_ms", "p99_ms", "cv"}


def test_aihub(tmp_path: Path) -> None:
    report = read(tmp_path, AIHUB)
    assert (report.tool, report.form, report.runs_ms) == ("aihub", "onnx", (3.0, 1.0, 2.0))
    known = report.known()
    assert (known["fps"], known["p50_ms"], known["load_ms"]) == (500.0, 2.0, 290.0)
    assert known["npu_share"] == 0.75


def test_aihub_of_an_older_client(tmp_path: Path) -> None:
    summary = {"all_inference_times": [1000], "warm_load_time": 5000}
    report = read(tmp_path, {"execution_summary": summary, "execution_detail": []})
    assert report.known()["load_ms"] == 5
    assert "npu_share" not in report.known()


def test_tflite_without_a_median_tells_the_fps_of_the_mean(tmp_path: Path) -> None:
    report = read(tmp_path, TFLITE)
    assert (report.tool, report.form, report.runs_ms) == ("tflite", "onnx", ())
    assert report.known() == {"fps": 200.0, "cv": 0.05, "load_ms": 7.003}


def test_tflite_with_a_median(tmp_path: Path) -> None:
    newer = TFLITE.replace("std=250", "std=250 p5=4000 median=4000 p95=5900")
    known = read(tmp_path, newer).known()
    assert (known["p50_ms"], known["fps"], known["cv"]) == (4.0, 250.0, 0.05)


def test_executorch_s_benchmark_app(tmp_path: Path) -> None:
    report = read(tmp_path, EXECUTORCH_JSON)
    assert (report.tool, report.form) == ("executorch", "onnx")
    assert report.known() == {"fps": 250.0, "load_ms": 33.5}


@pytest.mark.parametrize(("unit", "scale"), [("ms", 1), ("us", 1e-3), ("s", 1e3)])
def test_executorch_s_etdump(tmp_path: Path, unit: str, scale: float) -> None:
    report = read(tmp_path, EXECUTORCH_TSV.replace("(ms)", f"({unit})"))
    assert report.known() == {
        "fps": pytest.approx(2000 / scale),
        "p50_ms": pytest.approx(0.5 * scale),
        "p90_ms": pytest.approx(0.55 * scale),
        "load_ms": pytest.approx(33.3 * scale),
    }


def test_an_etdump_without_units_is_in_ms(tmp_path: Path) -> None:
    assert read(tmp_path, EXECUTORCH_TSV.replace(" (ms)", "")).known()["p50_ms"] == 0.5


@pytest.mark.parametrize(
    "content",
    ["", "hello", "[]", "{}", "3", '{"deviceResults": 4}', '[{"metric": "a"}]', "a\tb\n1\n"],
)
def test_what_no_tool_wrote(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError, match=r"report: is none of the reports that are known") as told:
        read(tmp_path, content)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "content",
    [
        {"deviceResults": {}},
        {"deviceResults": {"predict": {"samples": []}}},
        {"execution_summary": {"all_inference_times": None}},
        EXECUTORCH_TSV.replace("(ms)", "(cycles)").replace("avg (cycles)", "mean"),
    ],
)
def test_a_report_without_a_speed(tmp_path: Path, content: Any) -> None:
    with pytest.raises(UserError, match=r"report: (tells of no inference|is none of)"):
        read(tmp_path, content)


@pytest.mark.parametrize("name", ["absent", "empty.mlperf", "binary"])
def test_no_report(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.mlperf").mkdir()
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"no report can be read here") as told:
        read_report(tmp_path / name)
    assert "\n" not in str(told.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(part=st.sampled_from(["predict", "load", "modelStructure"]), content=JSON)
def test_damaged_reports_are_told_or_read_in_part(
    part: str, content: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    damaged = XCODE | {"deviceResults": XCODE["deviceResults"] | {part: content}}
    try:
        report = read(tmp_path_factory.mktemp("damaged"), damaged)
    except UserError:
        return
    assert report.known()["fps"] > 0


@given(content=st.dictionaries(st.sampled_from(list(AIHUB)), JSON))
def test_damaged_profiles_are_told_or_read_in_part(
    content: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        report = read(tmp_path_factory.mktemp("damaged"), AIHUB | content)
    except UserError:
        return
    assert report.known()["fps"] > 0
