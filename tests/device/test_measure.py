from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from paretint.device import Settings, measure
from paretint.device.protocol import SAMPLES
from paretint.errors import UserError
from paretint.store import Store

QUICK = Settings(sessions=2, blocks=2, block_ms=0.5, block_runs=3, window=2, warm_up_runs=6)


def measurements(store: Store) -> list[Path]:
    return sorted(store.root.glob("timing/*/samples.parquet"))


def test_a_real_measurement(student: Callable[..., Path], store: Store) -> None:
    timing = measure(student(), "ort-cpu", store)
    assert 0 < timing.p50_ms <= timing.p90_ms <= timing.p99_ms
    assert timing.fps == 1000 / timing.p50_ms
    assert timing.load_ms > 0
    assert timing.provenance == "measured:ort-cpu"
    (raw,) = measurements(store)
    samples = pl.read_parquet(raw)
    assert samples.schema == SAMPLES
    assert set(samples["model"]) == {"candidate", "control"}


def test_the_same_structure_is_measured_once(student: Callable[..., Path], store: Store) -> None:
    first = measure(student(seed=0), "ort-cpu", store, QUICK)
    raw = measurements(store)
    made = raw[0].stat().st_mtime_ns
    assert measure(student(seed=1), "ort-cpu", store, QUICK) == first
    assert measurements(store) == raw
    assert raw[0].stat().st_mtime_ns == made


def test_another_structure_or_protocol_is_measured_anew(
    student: Callable[..., Path], store: Store
) -> None:
    measure(student(), "ort-cpu", store, QUICK)
    measure(student(width=8), "ort-cpu", store, QUICK)
    measure(student(), "ort-cpu", store, replace(QUICK, blocks=1))
    assert len(measurements(store)) == 3


def test_an_unknown_device_is_told_before_the_file_is_read(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UserError, match="unknown device 'ort-gpu'; did you mean 'ort-cpu'"):
        measure(tmp_path / "absent.onnx", "ort-gpu", store)


def test_a_missing_file_leaves_nothing_in_the_store(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UserError, match=r"absent\.onnx: no ONNX file here"):
        measure(tmp_path / "absent.onnx", "ort-cpu", store)
    assert list(store.root.iterdir()) == []
