"""`paretint apply` and `paretint import`, as a user types them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from paretint.export import export_onnx
from paretint.store import Run
from paretint.student import TinyBeauty

Type = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def paretint(tmp_path: Path) -> Type:
    """Runs the command line in an empty folder."""

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "paretint.cli", *map(str, words)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    return run


def photo(path: Path, size: tuple[int, int]) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def test_photos_are_made_up(paretint: Type, tmp_path: Path) -> None:
    model = export_onnx(TinyBeauty(4, 0), 16, tmp_path / "model.onnx")
    one, other = photo(tmp_path / "ada.jpg", (40, 50)), photo(tmp_path / "bea.png", (16, 16))
    (tmp_path / "none.png").write_bytes(b"")
    done = paretint("apply", model, one, other, "none.png")
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0] == "1 photo is skipped:"
    assert said[1].startswith("  none.png: is no readable image")
    assert said[2] == "2 made up in made_up"
    assert sorted(path.name for path in (tmp_path / "made_up").iterdir()) == ["ada.png", "bea.png"]


def test_no_photo_that_can_be_read(paretint: Type, tmp_path: Path) -> None:
    model = export_onnx(TinyBeauty(4, 0), 16, tmp_path / "model.onnx")
    done = paretint("apply", model, "absent.png")
    assert done.returncode == 2
    assert done.stderr == "paretint: none of the 1 photos can be read; nothing is made up\n"


def test_a_model_that_is_none(paretint: Type, tmp_path: Path) -> None:
    done = paretint("apply", "absent.onnx", photo(tmp_path / "ada.png", (8, 8)))
    assert done.returncode == 2
    assert done.stderr == "paretint: absent.onnx: no ONNX file here; give the path of one\n"


@pytest.mark.slow
def test_a_published_checkpoint_stands_beside_the_trials(
    paretint: Type, finished: Run, tmp_path: Path
) -> None:
    released = Path(__file__).parents[2] / "shared" / "data" / "tinybeauty_release" / "style1.pt"
    if not released.is_file():
        pytest.skip(f"the published checkpoints are not at {released.parent}")
    run = tmp_path / "run"
    shutil.copytree(finished.folder, run)
    done = paretint("import", released, run, "--store", tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert "85,227" in done.stdout.splitlines()[-1]
    assert done.stdout.splitlines()[-1].startswith("style1 ")
    shown = paretint("front", run).stdout
    assert "baselines:" in shown
    assert done.stdout.splitlines()[-1] in shown


def test_a_run_that_is_none(paretint: Type) -> None:
    done = paretint("import", "style1.pt", "absent")
    assert done.returncode == 2
    assert done.stderr == "paretint: there is no run 'absent'\n"
