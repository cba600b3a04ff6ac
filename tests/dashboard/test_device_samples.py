from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from paretint.config import Experiment
from paretint.dashboard import (
    RunView,
    draw_histogram_picture,
    draw_pace_picture,
    sample_picture,
    sampled,
)

PHONE, PACKAGE = "a" * 64, "b" * 64


@pytest.fixture
def view(experiment: Experiment, tmp_path: Path) -> RunView:
    rows = [
        {"trial": "t0", "state": "complete", "structure.onnx": PHONE, "structure.coreml": PACKAGE},
        {"trial": "t1", "state": "complete", "structure.onnx": PHONE, "structure.coreml": None},
        {"trial": "t2", "state": "complete", "structure.onnx": "c" * 64, "structure.coreml": None},
    ]
    trials = pl.DataFrame(rows, infer_schema_length=None)
    none = pl.DataFrame(schema={"trial": pl.String})
    return RunView("made-up", experiment, trials, none, none, tmp_path)


def write(run: RunView, device: str, structure: str, rows: list[tuple[Any, ...]]) -> Path:
    path = run.folder / "devices" / device / f"{structure}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ["model", "session", "phase", "block", "ms"]
    pl.DataFrame(rows, schema=columns, orient="row").write_parquet(path)
    return path


def session(number: int, *ms: float) -> list[tuple[Any, ...]]:
    first, *others = ms
    return [
        ("candidate", number, "load", 0, 77.0),
        ("control", number, "run", 0, 99.0),
        ("candidate", number, "warm-up", 0, first),
        *(("candidate", number, "run", 0, each) for each in others),
    ]


def test_a_structure_is_told_once_by_its_first_trial(view: RunView) -> None:
    write(view, "phone", PHONE, session(0, 1.0, 1.0))
    write(view, "agent+mac", PACKAGE, session(0, 1.0, 1.0))
    assert sampled(view, "phone") == ("t0",)
    assert sampled(view, "agent:mac") == ("t0",)
    assert sampled(view, "ort-cpu") == ()


def test_histogram_and_pace_are_of_the_candidate(view: RunView) -> None:
    write(view, "phone", PHONE, [*session(0, 8.0, 2.0, 2.0), *session(1, 6.0, 4.0, 10.0)])
    picture = sample_picture(view, "phone", "t0")
    assert picture is not None
    assert (sum(picture.counts), picture.counts[0], picture.counts[-1]) == (4, 2, 1)
    assert (picture.edges[0], picture.slowest) == (2.0, 10.0)
    # Of 2, 2, 4 and 10 ms the 99th percentile is 10 - 0.03 x 6.
    assert picture.edges[-1] == pytest.approx(9.82)
    assert (picture.pace, picture.sessions) == ((7.0, 3.0, 6.0), 2)


def test_the_figures_hold_every_inference(view: RunView) -> None:
    write(view, "phone", PHONE, session(0, 8.0, 2.0, 3.0, 4.0))
    picture = sample_picture(view, "phone", "t0")
    assert picture is not None
    (bars,) = json.loads(draw_histogram_picture(picture).to_json())["data"]
    assert sum(bars["y"]) == 3
    (line,) = json.loads(draw_pace_picture(picture).to_json())["data"]
    assert (line["x"], line["y"]) == ([1, 2, 3, 4], [8.0, 2.0, 3.0, 4.0])


def test_what_cannot_be_read_has_no_picture(view: RunView) -> None:
    assert sample_picture(view, "phone", "t0") is None
    path = write(view, "phone", PHONE, session(0, 1.0))
    assert sample_picture(view, "phone", "t0") is None, "no run"
    path.write_bytes(b"PAR1 half")
    assert sample_picture(view, "phone", "t0") is None
    pl.DataFrame({"ms": [1.0]}).write_parquet(path)
    assert sample_picture(view, "phone", "t0") is None
    assert sample_picture(view, "phone", "t2") is None
