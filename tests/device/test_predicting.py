from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from paretint import UserError
from paretint.device import (
    LatencyModel,
    Prediction,
    PredictionRow,
    fitted,
    predict_file,
    predict_run,
    prediction_rows,
    prediction_table,
)
from paretint.export import structure
from paretint.store import Ledger, Remote, Result, Run

Write = Callable[..., Path]
PHONE = "speed.phone"
TIMED = 10


@pytest.fixture
def tried(run: Run, layers: Write) -> Run:
    """The made-up run; of its 12 complete trials the first ten were timed on a phone."""
    for index, row in enumerate(Ledger(run).trials().to_dicts()[:12]):
        model = run.models(row["trial"]) / "model.onnx"
        model.parent.mkdir(parents=True)
        model.write_bytes(layers(1 + index, 2).read_bytes())
        if index < TIMED:
            Ledger(run).write_trial(row | measured(2.0 + index))
    return run


def measured(ms: float) -> dict[str, Any]:
    return {f"{PHONE}.p50_ms": ms, f"{PHONE}.provenance": "measured:phone"}


def rows_of(run: Run) -> dict[str, dict[str, Any]]:
    return {row["trial"]: row for row in Ledger(run).trials().to_dicts()}


def test_what_was_not_timed_is_filled_in_and_says_so(tried: Run) -> None:
    before = rows_of(tried)
    filled = predict_run(tried, fitted(tried, "phone"))
    assert [trial for trial, _ in filled.predictions] == ["t0010", "t0011"]
    assert filled.skipped == []
    after = rows_of(tried)
    for trial, found in filled.predictions:
        assert after[trial][f"{PHONE}.provenance"] == "predicted:phone-from-10"
        assert after[trial][f"{PHONE}.fps"] == found.fps > 0
        new = {name: after[trial][name] for name in found.columns(primary=False)}
        assert after[trial] == before[trial] | new
    timed = [f"t{index:04}" for index in range(TIMED)]
    assert [after[trial][f"{PHONE}.p50_ms"] for trial in timed] == [2.0 + i for i in range(TIMED)]
    assert after["t0012"].get(f"{PHONE}.fps") is None  # stopped: no model of it is kept


def test_predictions_are_no_measurements(tried: Run) -> None:
    predict_run(tried, fitted(tried, "phone"))
    model = fitted(tried, "phone")
    assert len(model.held_out) == TIMED
    row = rows_of(tried)["t0010"]
    Ledger(tried).write_trial(row | measured(50.0))
    assert [trial for trial, _ in predict_run(tried, model).predictions] == ["t0011"]
    assert rows_of(tried)["t0010"][f"{PHONE}.p50_ms"] == 50


def test_what_other_devices_measured_is_not_written_into_the_row(tried: Run) -> None:
    known = structure(tried.models("t0010") / "model.onnx")
    row = rows_of(tried)["t0010"]
    Ledger(tried).write_trial(row | {"structure.onnx": known})
    figures = {"fps": 500.0, "provenance": "measured:tablet"}
    result = Result("tablet", known, "onnx", figures, {})
    Remote(tried.folder).write(f"devices/tablet/{known}.json", result.dump())
    assert rows_of(tried)["t0010"]["speed.tablet.fps"] == 500
    predict_run(tried, fitted(tried, "phone"))
    stored = pl.read_parquet(tried.trials_parquet)
    assert "speed.tablet.fps" not in stored.columns
    assert rows_of(tried)["t0010"]["speed.tablet.fps"] == 500


def test_the_first_device_is_the_run_s(tried: Run) -> None:
    for row in rows_of(tried).values():
        Ledger(tried).write_trial(row | {"speed.fps": None, "speed.provenance": None})
    model = fitted(tried, "phone")
    host = LatencyModel("ort-cpu", model.ms, model.held_out)
    predict_run(tried, host)
    assert rows_of(tried)["t0011"]["speed.provenance"] == "predicted:ort-cpu-from-10"


def test_trials_that_differ_by_their_weights_count_once(tried: Run) -> None:
    twin = tried.models("t0001") / "model.onnx"
    twin.write_bytes((tried.models("t0000") / "model.onnx").read_bytes())
    assert len(fitted(tried, "phone").held_out) == TIMED - 1


def test_a_file_that_is_missing_is_skipped_and_named(tried: Run) -> None:
    model = fitted(tried, "phone")
    missing = tried.models("t0010") / "model.onnx"
    missing.unlink()
    filled = predict_run(tried, model)
    assert filled.skipped == [f"t0010: {missing} is missing"]
    assert [trial for trial, _ in filled.predictions] == ["t0011"]


def test_a_device_that_nothing_was_timed_on(tried: Run) -> None:
    with pytest.raises(UserError, match="pone: 0 measured models are too few to predict others"):
        fitted(tried, "pone")


def test_a_file_that_is_no_model(tried: Run, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.onnx: no ONNX file here"):
        predict_file(tmp_path / "absent.onnx", fitted(tried, "phone"))


FOUND = Prediction("phone", 500.0, 250.0, 1000.0, 2.0, 1.0, 4.0, "predicted:phone-from-2")
ROW = PredictionRow("t0010", "500.0", "250.0 to 1000.0", "2.00", "1.00 to 4.00")


def test_rows_for_people() -> None:
    assert prediction_rows([("t0010", FOUND)]) == [ROW]


def test_table_tells_where_its_numbers_come_from() -> None:
    console = Console(width=80)
    with console.capture() as captured:
        console.print(prediction_table([ROW], LatencyModel("phone", {}, (0.0, 0.0))))
    told = "predicted:phone-from-2; off by 0% in the median of held-out models"
    assert all(text in captured.get() for text in ROW)
    assert told in " ".join(captured.get().split())
