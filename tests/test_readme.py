"""Every command of the README, typed as it stands there."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from paretint.student import Release

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()

# The real experiments take minutes; these have their names, and are found first.
SMALL = """\
name: {name}
faces: {faces}
amplifier: {{fine_tune_steps: 2, learning_rate: 1.0e-4, batch: 2, steps: 1, part: 10}}
student: {{steps: 4, rungs: [2, 4], batch: 2, learning_rate: 1.0e-3, blocks: 1}}
search_space:
  sampler: grid
  parameters:
    pairs: {{choices: [1, 2]}}
    amplified: {{choices: [0, 10]}}
    width: {{choices: [4]}}
objectives:
  - {{column: quality.psnr, goal: maximize, reference: 10.0}}
  - {{column: speed.fps, goal: maximize, reference: 0.0}}
budget: {{trials: 2}}
"""
RENDERED = "{source: procedural, style: rose, size: 32, pairs: 5, unlabelled: 10, heldout: 8}"
FOLDERS = "{source: folders, before: b, after: a, size: 32, heldout: 2}"


def commands() -> list[str]:
    """The lines of the README's shell blocks, comments off, continued lines joined."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    text = "".join(blocks).replace("\\\n", " ")
    return [line.split("#")[0].strip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(
    publish: Callable[[Path, Release], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A working directory with small experiments of the README's names, photos, a checkpoint."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "experiments").mkdir()
    for name, faces in (("quickstart", RENDERED), ("real_faces", FOLDERS)):
        (folder / f"experiments/{name}.yaml").write_text(SMALL.format(name=name, faces=faces))
    random = np.random.default_rng(0)
    for kind in ("before", "after", "unlabelled"):
        (folder / "photos" / kind).mkdir(parents=True)
        for index in range(6):
            photo = random.integers(256, size=(32, 32, 3), dtype=np.uint8)
            Image.fromarray(photo).save(folder / "photos" / kind / f"{index}.png")
    Image.fromarray(random.integers(256, size=(50, 40, 3), dtype=np.uint8)).save(
        folder / "face.jpg"
    )
    publish(folder / "style1.pt", Release())
    label_faces(folder / "labelled")
    return folder


def label_faces(folder: Path) -> None:
    """Write two photos with label maps, as parsers are trained on."""
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    (folder / "labels.json").write_text(json.dumps({"0": "background", "1": "skin"}))
    labels = np.zeros((32, 32), np.uint8)
    labels[8:24, 8:24] = 1
    for index in range(2):
        photo = np.stack([labels * 200] * 3, axis=-1)
        Image.fromarray(photo).save(folder / f"images/{index}.png")
        Image.fromarray(labels).save(folder / f"labels/{index}.png")


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return os.environ | {
        "PATH": path,
        "PYTHONUNBUFFERED": "1",
        "PARETINT_STORE": str(folder / "store"),
    }


def address_of(command: str, folder: Path, environment: dict[str, str]) -> str:
    """The address a server tells; it is interrupted as soon as it has, as by Ctrl-C."""
    with subprocess.Popen(
        shlex.split(command), cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = next(line for line in process.stdout if "http://" in line)
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
    return next(word for word in told.split() if word.startswith("http://"))


def test_the_first_screen_is_the_two_scripts() -> None:
    assert commands()[:2] == ["scripts/quickstart", "scripts/test"]
    for script in commands()[:2]:
        assert os.access(ROOT / script, os.X_OK)


def test_the_quickstart_script_runs(folder: Path, environment: dict[str, str]) -> None:
    experiment = folder / "experiments/quickstart.yaml"
    script = (ROOT / "scripts/quickstart").read_text()
    assert 'exec .venv/bin/paretint run quickstart "$@"' in script
    done = subprocess.run(
        ["paretint", "run", str(experiment), "--out", str(folder / "scripted")],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "paretint dashboard" in done.stdout
    assert "paretint pick" in done.stdout
    assert (folder / "scripted/report.html").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("line", commands()[2:])
def test_a_command_runs_after_those_before_it(
    line: str, folder: Path, environment: dict[str, str]
) -> None:
    # Trained for half an hour, a parser would be good; after a step it is one.
    command = f"{line} --steps 1" if line.startswith("paretint regions train") else line
    if command.startswith("paretint dashboard"):
        assert address_of(command, folder, environment).startswith("http://127.0.0.1:")
        return
    done = subprocess.run(
        shlex.split(command), cwd=folder, env=environment, capture_output=True, text=True
    )
    # The doctor says with its exit code whether a part is broken.
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_commands_have_left_what_they_say(folder: Path) -> None:
    assert (folder / "winner/model.onnx").is_file()
    assert (folder / "masks/overview.png").is_file()
    assert (folder / "made_up/face.png").is_file()
    assert (folder / "runs/quickstart/baselines.parquet").is_file()
    assert (folder / "runs/real_faces/report.html").is_file()


def test_the_picture_is_there() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link
