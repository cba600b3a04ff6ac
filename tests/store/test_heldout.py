from __future__ import annotations

from pathlib import Path

import numpy as np

from paretint.store import Run, read_heldout, write_heldout


def test_scores_by_face_come_back(run: Run) -> None:
    scores = {"quality.psnr": np.array([30.0, 31.5]), "quality.ssim": np.array([0.9, 0.8])}
    write_heldout(run.folder, "t0000", ["a", "b"], scores)
    write_heldout(run.folder, "t0000", ["a", "c"], scores)
    table = read_heldout(run.folder, "t0000")
    assert table is not None
    assert table.to_dict(as_series=False) == {
        "face": ["a", "c"],
        "quality.psnr": [30.0, 31.5],
        "quality.ssim": [0.9, 0.8],
    }


def test_a_trial_without_a_table_or_with_a_broken_one_has_none(run: Run) -> None:
    assert read_heldout(run.folder, "t0000") is None
    write_heldout(run.folder, "t0000", ["a"], {})
    (run.folder / "heldout" / "t0000.parquet").write_bytes(b"PAR1 broken")
    assert read_heldout(run.folder, "t0000") is None


def test_a_trials_name_leads_nowhere_else(run: Run, tmp_path: Path) -> None:
    write_heldout(tmp_path, "elsewhere", ["a"], {"quality.psnr": np.array([30.0])})
    outside = tmp_path / "heldout" / "elsewhere"
    assert read_heldout(tmp_path, "elsewhere") is not None
    write_heldout(run.folder, "t0000", ["a"], {})
    assert read_heldout(run.folder, str(outside)) is None
    assert read_heldout(run.folder, f"../../../heldout/{outside.name}") is None
