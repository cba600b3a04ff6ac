"""`paretint regions`: what mistakes end in, and each of its commands, once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from paretint import UserError
from paretint.cli import app
from paretint.regions import (
    ARCHITECTURES,
    CLASSES,
    Architecture,
    FaceParser,
    ParserJob,
)

COMMAND = Path(sys.executable).with_name("paretint")
SMALL = """
from functools import partial
import paretint.regions, paretint.regions.job
from paretint.cli import main
tiny = paretint.regions.Architecture(width=4, blocks=(1, 1, 1), hidden=8, side=16)
paretint.regions.ARCHITECTURES["lite"] = tiny
paretint.regions.ParserJob = partial(paretint.regions.ParserJob, rendered=2)
paretint.regions.job._SAVE_EVERY = -1
main()
"""
"""The command with a `lite` as small as it can be, whose training is kept at every step."""


@pytest.fixture
def here(
    make_parser: Callable[..., FaceParser], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A working directory with a parser and photos, one of them unreadable."""
    monkeypatch.chdir(tmp_path)
    make_parser().save(tmp_path / "parser.safetensors")
    (tmp_path / "photos").mkdir()
    for name, colour in (("a", "peru"), ("b", "tan")):
        Image.new("RGB", (40, 30), colour).save(tmp_path / "photos" / f"{name}.png")
    (tmp_path / "photos" / "c.png").write_text("text")
    return tmp_path


MISTAKES = [
    ("apply none.safetensors photos", "none.safetensors: no such file; `paretint regions train`"),
    ("apply photos/a.png photos", "photos/a.png: is no safetensors file; `paretint regions train`"),
    ("apply parser.safetensors nowhere", "nowhere: no such photo or folder"),
    ("apply parser.safetensors photos photos/a.png", "has the name of photos/a.png; rename one"),
    ("apply parser.safetensors photos --size 8", "--size 8: give 16 to 4096"),
    ("apply parser.safetensors photos --out photos", "photos: is there already; name another"),
    ("apply parser.safetensors photos/c.png", "none of 1 photos can be read; photos/c.png: is no"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=[words for words, _ in MISTAKES])
def test_a_mistake_is_one_line_that_says_what_to_do(words: str, said: str, here: Path) -> None:
    answer = CliRunner().invoke(app, ["regions", *words.split()])
    assert isinstance(answer.exception, UserError)
    assert said in str(answer.exception)
    assert "\n" not in str(answer.exception)
    assert answer.output == ""
    assert {path.name for path in here.iterdir()} == {"parser.safetensors", "photos"}


def test_apply_draws_maps_and_says_what_it_skipped(here: Path) -> None:
    words = "regions apply parser.safetensors photos --size 20 --out out/masks"
    command = [COMMAND, *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, skipped, last = done.stdout.splitlines()
    assert first == "1 photo is skipped:"
    assert skipped.startswith("  photos/c.png: is no readable image (")
    assert last == "2 of 3 photos are labelled in out/masks, shown in out/masks/overview.png"
    for name in ("a", "b"):
        with Image.open(here / "out" / "masks" / "labels" / f"{name}.png") as image:
            assert (image.mode, image.size) == ("P", (20, 20))


# Training


@pytest.fixture
def faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve labelled photos, one of them unreadable, in the working directory and its store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARETINT_STORE", str(tmp_path / "store"))
    ids = np.repeat(np.arange(16, dtype=np.uint8)[:, None] % len(CLASSES), 16, axis=1)
    for folder in ("images", "labels"):
        (tmp_path / "faces" / folder).mkdir(parents=True)
    for number in range(12):
        Image.new("RGB", (16, 16), (20 * number, 90, 120)).save(
            tmp_path / "faces" / "images" / f"{number}.png"
        )
        Image.fromarray(ids).save(tmp_path / "faces" / "labels" / f"{number}.png")
    (tmp_path / "faces" / "images" / "7.png").write_text("text")
    named = {str(index): name for index, name in enumerate(CLASSES)}
    (tmp_path / "faces" / "labels.json").write_text(json.dumps(named), encoding="utf-8")
    return tmp_path / "faces"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does in this process what `SMALL` does in another."""
    tiny = Architecture(width=4, blocks=(1, 1, 1), hidden=8, side=16)
    monkeypatch.setitem(ARCHITECTURES, "lite", tiny)
    monkeypatch.setattr("paretint.regions.ParserJob", partial(ParserJob, rendered=2))


TRAIN = "train --faces faces --out parser.safetensors --steps 2"

TRAINING_MISTAKES = [
    ("--architecture tiny", "--architecture tiny: give full or lite"),
    (
        "--out faces/labels.json",
        "faces/labels.json: is there already; name another file with --out",
    ),
    ("--faces nowhere", "nowhere: "),
    ("--faces faces/images", "faces/images: "),
    ("--heldout 11", "--heldout 11: of 11 photos, leave one to train on"),
    ("--heldout 99", "--heldout 99: of 11 photos, leave one to train on"),
    ("--out faces/labels.json/p", "--out faces/labels.json/p: its folder cannot be made: "),
]


@pytest.mark.usefixtures("faces", "small")
@pytest.mark.parametrize(("words", "said"), TRAINING_MISTAKES)
def test_a_mistake_in_training_is_one_line_too(words: str, said: str, tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["regions", *TRAIN.split(), *words.split()])
    assert isinstance(answer.exception, UserError)
    assert str(answer.exception).startswith(said)
    assert "\n" not in str(answer.exception)
    assert not (tmp_path / "parser.safetensors").exists()


@pytest.mark.usefixtures("faces", "small")
@pytest.mark.parametrize(
    "words", ["--steps 0", "--steps many", "--heldout -1", "--workers 0", "--seed -1"]
)
def test_values_that_no_option_takes_are_told(words: str) -> None:
    answer = CliRunner().invoke(app, ["regions", *TRAIN.split(), *words.split()])
    assert answer.exit_code == 2
    assert f"Invalid value for '{words.split()[0]}'" in answer.output


@pytest.mark.usefixtures("small")
def test_train_writes_a_parser_and_scores_it_on_what_it_has_not_seen(faces: Path) -> None:
    words = "--out new/parser.safetensors --heldout 3"
    answer = CliRunner().invoke(app, ["regions", *TRAIN.split(), *words.split()])
    assert answer.exit_code == 0, answer.exception
    first, skipped, written, _, title, header, _, *rows = answer.output.splitlines()
    assert first == "1 photo is skipped:"
    assert skipped.startswith("  faces/images/7.png: is no readable image (")
    assert written == "written to new/parser.safetensors"
    assert title == "on 3 held-out photos:"
    assert header.split() == ["region", "F1", "%"]
    names, scores = zip(*(row.split() for row in rows if row.strip()), strict=True)
    assert names == ("skin", "brows", "eyes", "lips", "mouth", "hair", "glasses", "mean")
    assert all(0 <= float(score) <= 100 for score in scores)
    out = faces.parent / "new"
    assert [path.name for path in out.iterdir()] == ["parser.safetensors"]
    assert FaceParser.load(out / "parser.safetensors").side == 16


@pytest.mark.usefixtures("small", "faces")
@pytest.mark.parametrize(("words", "said"), [("", "on 1 held-out photo:"), ("--heldout 0", None)])
def test_a_tenth_is_held_out_unless_told(words: str, said: str | None) -> None:
    answer = CliRunner().invoke(app, ["regions", *TRAIN.split(), *words.split()])
    assert (said in answer.output) if said else ("held-out" not in answer.output)


@pytest.mark.usefixtures("small")
def test_what_was_trained_can_be_applied(faces: Path) -> None:
    (faces / "images" / "7.png").unlink()
    assert CliRunner().invoke(app, ["regions", *TRAIN.split()]).exit_code == 0
    words = "apply parser.safetensors faces/images --size 24"
    answer = CliRunner().invoke(app, ["regions", *words.split()])
    assert answer.output == ("11 of 11 photos are labelled in masks, shown in masks/overview.png\n")


@pytest.mark.usefixtures("small", "faces")
def test_the_state_of_other_settings_is_told_and_left(tmp_path: Path) -> None:
    state = tmp_path / "parser.safetensors.state"
    state.write_text("text")
    answer = CliRunner().invoke(app, ["regions", *TRAIN.split()])
    assert str(answer.exception) == (
        f"{state}: holds no training to go on with; remove it to begin anew"
    )
    assert state.read_text() == "text"


def start(words: str) -> subprocess.Popen[str]:
    """Start the small command in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [sys.executable, "-c", SMALL, "regions", *words.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_after_ctrl_c_the_same_command_goes_on(faces: Path) -> None:
    words = "train --faces faces --out parser.safetensors --steps 150 --heldout 2"
    state = faces.parent / "parser.safetensors.state"
    first = start(words)
    while not state.exists():
        assert first.poll() is None, first.communicate()
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGINT)
    said, complained = first.communicate()
    assert (first.returncode, complained) == (130, "")
    assert said.splitlines()[-1] == f"stopped; the same command goes on from what {state} holds"
    assert not (faces.parent / "parser.safetensors").exists()

    again = start(words)
    said, complained = again.communicate()
    assert (again.returncode, complained) == (0, "")
    assert "written to parser.safetensors" in said
    assert not state.exists()

    words = words.replace("parser", "unbroken")
    assert CliRunner().invoke(app, ["regions", *words.split()]).exit_code == 0
    stopped, unbroken = (
        FaceParser.load(Path(f"{name}.safetensors")) for name in ("parser", "unbroken")
    )
    assert stopped.key == unbroken.key


@pytest.mark.slow
def test_two_workers_train_and_leave_nothing_but_the_parser(faces: Path) -> None:
    words = "regions train --faces faces --out parser.safetensors --steps 2 --workers 2"
    command = [COMMAND, *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[2] == "written to parser.safetensors"
    assert FaceParser.load(Path("parser.safetensors")).side == 128
    assert {path.name for path in faces.parent.iterdir()} == {
        "faces", "parser.safetensors", "store",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("faces")
def test_more_workers_than_cores_are_a_mistake() -> None:
    words = "regions train --faces faces --out parser.safetensors --workers 999"
    command = [COMMAND, *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith("paretint: --workers 999: there are ")
