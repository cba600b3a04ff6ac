from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import load_experiment
from paretint.dashboard import draw_trial_panel, read_view, to_html, trial_panel
from paretint.store import FACES, KeptFace, Ledger, Run


@pytest.fixture
def with_files(run: Run) -> Run:
    """The made-up run with some files of one trial."""
    faces = run.models("t0007") / FACES
    faces.mkdir(parents=True)
    for name in ("model.onnx", "weights.safetensors", *(f"{FACES}/{n}" for n in _names())):
        (run.models("t0007") / name).touch()
    return run


def _names() -> list[str]:
    return [name for number in (1, 2) for name in KeptFace.numbered(number)]


def test_a_trial_is_told_with_its_files(with_files: Run) -> None:
    panel = trial_panel(read_view(with_files), "t0007")
    assert panel.recipe == (("pairs", "5"), ("amplified", "1,000"), ("width", "16"))
    assert panel.scores == (
        ("PSNR", "36.90 ±0.50 dB"),
        ("Speed", "407 fps (measured:ort-cpu)"),
        ("Parameters", "36,608"),
        ("ONNX", "153,600 bytes"),
    )
    base = "/files/made-up/models/t0007"
    assert panel.files == (
        ("model.onnx", f"{base}/model.onnx"),
        ("weights.safetensors", f"{base}/weights.safetensors"),
    )
    assert [face.made_up for face in panel.faces] == [
        f"{base}/faces/1-made-up.webp",
        f"{base}/faces/2-made-up.webp",
    ]


def test_its_command_runs_its_recipe_alone(with_files: Run) -> None:
    Ledger(with_files).add_to_trial("t0007", {"seed": 9})
    panel = trial_panel(read_view(with_files), "t0007")
    program, verb, path, *options = shlex.split(panel.command)
    assert (program, verb, path) == ("paretint", "run", str(with_files.experiment_yaml))
    settings = options[1:-2:2]
    assert [*options[:-2:2], *options[-2:]] == [
        *["--set"] * 4,
        "--out",
        f"{with_files.folder}-t0007",
    ]
    one = load_experiment(Path(path), settings)
    assert one.trials == 1
    assert one.search_space.trials_within(9) == 1
    told = {"pairs": 5, "amplified": 1000, "width": 16}
    assert one.search_space.constants == {"amplified": 1000, "width": 16}
    assert one.recipe(told) == with_files.experiment.recipe(told)
    assert (one.seed, one.student.seed) == (7, 2)


def test_a_trial_without_files_says_so(run: Run) -> None:
    text = to_html(draw_trial_panel(trial_panel(read_view(run), "t0003"), "/back?a=1&b=2"))
    assert "None were kept with this trial&#x27;s files." in text
    assert "This trial&#x27;s files are gone." in text
    assert "<img" not in text


@pytest.mark.parametrize("name", ["t9999", "../../secrets", ".", "..", ".t0007"])
def test_a_name_that_leads_elsewhere_is_none(run: Run, name: str) -> None:
    if name != "t9999":
        Ledger(run).write_trial({"trial": name, "state": "complete"})
    with pytest.raises(ValueError, match="no trial is named"):
        trial_panel(read_view(run), name)


def test_markup_of_a_run_is_text(run: Run, row: Callable[..., dict[str, Any]]) -> None:
    hostile = "<img src=x onerror='a()'>"
    Ledger(run).write_trial(row(hostile, 5, 0, 8, 33.0, 99.0) | {"param.note": hostile})
    (run.models(hostile)).mkdir(parents=True)
    (run.models(hostile) / "<b>.onnx").touch()
    text = to_html(draw_trial_panel(trial_panel(read_view(run), hostile), "/back"))
    assert "<img" not in text
    assert "<b>" not in text
    assert "&lt;b&gt;.onnx</a>" in text
