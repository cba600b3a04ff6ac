from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
import torch
from rich.console import Console

from paretint import UserError
from paretint.store import Ledger, Run, Store, summary
from paretint.student import Release
from paretint.sweep.baseline import add_baseline
from paretint.sweep.shipping import Bench


@pytest.fixture
def checkpoint(publish: Callable[[Path, Release], Path], tmp_path: Path) -> Path:
    """A published network that does nearly nothing."""
    torch.manual_seed(0)
    return publish(tmp_path / "style1.pt", Release())


def imported(bench: Bench, checkpoint: Path) -> dict[str, object]:
    return add_baseline(Run.open(bench.run), checkpoint, bench.store, Console(file=StringIO()))


def test_a_baseline_is_scored_as_a_trial_and_is_none(bench: Bench, checkpoint: Path) -> None:
    run = Run.open(bench.run)
    before = summary(run)
    row = imported(bench, checkpoint)
    assert (row["trial"], row["param.network"], row["size.params"]) == ("style1", "release", 85_227)
    assert isinstance(row["quality.psnr_gain"], float)
    assert abs(row["quality.psnr_gain"]) < 0.5
    assert row["gate.warnings"] == 4
    assert {"quality.psnr_lo", "quality.ssim", "speed.fps", "speed.relative"} < set(row)
    (kept,) = Ledger(run).baselines().to_dicts()
    assert {name: kept[name] for name in row} == row
    assert (run.models("style1") / "model.onnx").stat().st_size == row["size.onnx_bytes"]
    assert Ledger(run).trials().height == 0
    assert summary(run) == before


def test_a_second_import_takes_the_place_of_the_first(bench: Bench, checkpoint: Path) -> None:
    first = imported(bench, checkpoint)
    assert imported(bench, checkpoint) == first
    assert Ledger(Run.open(bench.run)).baselines().height == 1


def test_a_trial_of_its_name(bench: Bench, checkpoint: Path) -> None:
    run = Run.open(bench.run)
    Ledger(run).write_trial({"trial": "style1", "state": "failed"})
    with pytest.raises(UserError, match="is named style1; rename the file"):
        imported(bench, checkpoint)


def test_another_network_leaves_the_run_alone(bench: Bench, tmp_path: Path) -> None:
    torch.save({"cleaner": {}}, tmp_path / "other.pt")
    with pytest.raises(UserError, match="the checkpoint of another network"):
        add_baseline(
            Run.open(bench.run), tmp_path / "other.pt", Store(tmp_path / "store"), Console()
        )
    assert not (bench.run / "models").exists()
