"""`paretint apply`, `predict` and `import`, as a user types them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from paretint.export import export_onnx
from paretint.store import Ledger, Run
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


def layer(path: Path, channels: int) -> None:
    """A convolution as an ONNX file."""
    kernel = onnx.numpy_helper.from_array(np.zeros((channels, 3, 3, 3), np.float32), "kernel")
    ends = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, count, 16, 16])
        for name, count in (("photo", 3), ("made", channels))
    ]
    node = onnx.helper.make_node("Conv", ["photo", "kernel"], ["made"], pads=[1, 1, 1, 1])
    graph = onnx.helper.make_graph([node], "graph", ends[:1], ends[1:], [kernel])
    opset = onnx.helper.make_opsetid("", 18)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10), path)


def test_speeds_are_predicted_from_those_that_were_measured(
    paretint: Type, run: Run, tmp_path: Path
) -> None:
    for index, row in enumerate(Ledger(run).trials().to_dicts()[:12]):
        layer(run.models(row["trial"]) / "model.onnx", 1 + index)
        if index < 9:
            timed = {"speed.phone.p50_ms": 1.0 + index, "speed.phone.provenance": "measured:phone"}
            Ledger(run).write_trial(row | timed)
    layer(tmp_path / "model.onnx", 20)
    done = paretint("predict", "model.onnx", "--device", "phone", "--fitted-on", run.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "model.onnx" in done.stdout
    assert "predicted:phone-from-9; off by " in done.stdout
    done = paretint("predict", run.folder, "--device", "phone")
    assert [line.split()[0] for line in done.stdout.splitlines()[3:6]] == [
        "t0009", "t0010", "t0011",
    ]  # fmt: skip
    assert Ledger(run).trials()["speed.phone.provenance"].value_counts().height == 3
    for row in Ledger(run).trials().to_dicts()[9:12]:
        Ledger(run).write_trial(row | {"speed.phone.provenance": "measured:phone"})
    done = paretint("predict", run.folder, "--device", "phone")
    assert done.stdout.endswith("is left that was not measured on phone\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["model.onnx", "--device", "phone"],
         "model.onnx: is no run; name one with measured trials by --fitted-on"),
        (["RUN", "--device", "phone"],
         "phone: 0 measured models are too few to predict others; measure at least 8"),
    ],
)  # fmt: skip
def test_nothing_to_predict_from(paretint: Type, run: Run, words: list[str], told: str) -> None:
    done = paretint("predict", *(str(run.folder) if word == "RUN" else word for word in words))
    assert (done.returncode, done.stderr) == (2, f"paretint: {told}\n")
