from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from paretint.device import import_report
from paretint.errors import UserError
from paretint.store import Ledger, Run

PROFILE = {"execution_summary": {"all_inference_times": [3000, 1000, 2000]}}


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return write(tmp_path / "profile.json", PROFILE)


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


def column(run: Run, name: str) -> list[Any]:
    return Ledger(run).trials()[name].to_list()


def test_the_trials_of_a_structure_have_the_speed(modelled: Run, profile: Path) -> None:
    imported = import_report(modelled, profile, "s24", trial="t0001")
    assert imported.trials == ["t0000", "t0001"]
    assert column(modelled, "speed.s24.fps") == [500.0, 500.0, None, None]
    assert column(modelled, "speed.s24.provenance")[:3] == [
        "measured:s24:aihub",
        "measured:s24:aihub",
        None,
    ]


def test_what_the_report_lacks_is_null(modelled: Run, profile: Path) -> None:
    import_report(modelled, profile, "s24", trial="t0000")
    trials = Ledger(modelled).trials()
    assert "speed.s24.relative" not in trials.columns
    assert "speed.s24.load_ms" not in trials.columns
    load = {"execution_summary": {"all_inference_times": [9000], "warm_load_time": 1000}}
    import_report(modelled, write(profile, load), "s24", trial="t0002")
    assert column(modelled, "speed.s24.load_ms") == [None, None, 1.0, None]


def test_a_second_report_takes_the_place_of_the_first(modelled: Run, profile: Path) -> None:
    import_report(modelled, profile, "s24", trial="t0000")
    faster = {"execution_summary": {"all_inference_times": [1000]}}
    import_report(modelled, write(profile, faster), "s24", trial="t0000")
    assert column(modelled, "speed.s24.fps")[0] == 1000


def test_a_file_of_the_structure_names_the_model(
    modelled: Run, profile: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "shipped.onnx"
    copy.write_bytes((modelled.models("t0001") / "model.onnx").read_bytes())
    assert import_report(modelled, profile, "s24", model=copy).trials == ["t0000", "t0001"]


def test_a_file_that_is_no_trial_s(modelled: Run, profile: Path, student: Any) -> None:
    with pytest.raises(UserError) as told:
        import_report(modelled, profile, "s24", model=student(12))
    assert str(told.value) == (
        f"{student(12)}: no trial of {modelled.folder} has a model of this structure"
    )


def test_a_hash_in_the_report_names_the_model(modelled: Run, profile: Path) -> None:
    content = (modelled.models("t0002") / "model.onnx").read_bytes()
    told = {"model_sha256": hashlib.sha256(content).hexdigest()}
    imported = import_report(modelled, write(profile, PROFILE | told), "s24")
    assert imported.trials == ["t0002"]


def test_a_hash_that_matches_no_trial(modelled: Run, profile: Path) -> None:
    write(profile, PROFILE | {"model_sha256": "0" * 64})
    with pytest.raises(UserError) as told:
        import_report(modelled, profile, "s24")
    assert str(told.value) == (
        f"{profile}: no trial of {modelled.folder} has a model with the report's hash"
    )
    assert not (modelled.folder / "devices").exists()


def test_neither_hash_nor_name(modelled: Run, profile: Path) -> None:
    with pytest.raises(UserError, match="does not tell its model's hash; name it by --trial or"):
        import_report(modelled, profile, "s24")


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        ("t0009", "--trial t0009: the run has no such trial"),
        ("t0003", "--trial t0003: its row tells of no ONNX file that could be of the report"),
    ],
)
def test_a_trial_that_cannot_be_it(modelled: Run, profile: Path, trial: str, said: str) -> None:
    with pytest.raises(UserError) as told:
        import_report(modelled, profile, "s24", trial=trial)
    assert str(told.value) == said


@pytest.mark.parametrize("device", ["ort-cpu", "ort-cpu:2", "coreml:ane", "android", "agent:a"])
def test_a_device_that_is_measured_here(modelled: Run, profile: Path, device: str) -> None:
    with pytest.raises(UserError, match=f"--device {device}: is measured by paretint; name"):
        import_report(modelled, profile, device, trial="t0000")


@pytest.mark.parametrize("device", ["", "iPhone 13", "a.b", "../up"])
def test_a_name_that_no_device_may_have(modelled: Run, profile: Path, device: str) -> None:
    with pytest.raises(UserError, match="a name has letters, digits, '-' and '_' only"):
        import_report(modelled, profile, device, trial="t0000")


def test_a_report_s_private_parts_stay_where_they_are(modelled: Run, tmp_path: Path) -> None:
    info = {"modelName": "iPhone 13", "serialNumber": "SECRET", "displayName": "Ada's phone"}
    report = {"deviceInfo": info, "deviceResults": {"predict": {"samples": [0.002]}}}
    path = write(tmp_path / "report.json", report)
    Ledger(modelled).write_trial(
        {"trial": "t0000", "state": "complete", "structure.coreml": "c" * 64}
    )
    imported = import_report(modelled, path, "iphone13", trial="t0000")
    assert imported.trials == ["t0000"]
    assert column(modelled, "speed.iphone13.provenance")[0] == "measured:iphone13:xcode"
    for file in (modelled.folder / "devices").rglob("*"):
        assert not file.is_file() or b"SECRET" not in file.read_bytes()
