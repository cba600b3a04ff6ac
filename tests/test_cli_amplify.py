"""`paretint amplify` as a user types it: what it writes, what it says, and what stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import datasets
import pytest
from PIL import Image
from typer.testing import CliRunner

from paretint import UserError
from paretint.cli import app

pytestmark = pytest.mark.slow

COMMAND = Path(sys.executable).with_name("paretint")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARETINT_STORE", str(tmp_path / "store"))
    return tmp_path


def amplify(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [COMMAND, "amplify", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def parts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("part-*.parquet"))}


def test_a_set_opens_in_datasets_and_the_same_command_makes_it_larger(
    here: Path, tiny_file: Path
) -> None:
    done = amplify(tiny_file, "--pairs", "3", "--count", "15", "--workers", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "15 images from 3 source pairs in amplified/tiny",
        "0.0% of the draws were rejected by the gate, and drawn anew",
        'open        datasets.load_dataset("parquet", data_files="amplified/tiny/*.parquet")',
    ]
    folder = here / "amplified" / "tiny"
    with Image.open(folder / "contact_sheet.png") as sheet:
        assert sheet.height == 24 + 8 * (128 + 4)

    more = amplify(tiny_file, "--pairs", "3", "--count", "25", "--workers", "2")
    assert more.stdout.splitlines()[:2] == [
        "25 images of 20 faces: faces come round, with other noise",
        "25 images from 3 source pairs in amplified/tiny",
    ]
    again = parts(folder)
    assert list(again) == [f"part-{part:05d}.parquet" for part in range(3)]
    rows = datasets.load_dataset(
        "parquet", data_files=str(folder / "*.parquet"), cache_dir=str(here / "cache")
    )["train"]
    assert rows["index"][:] == list(range(25))
    assert (rows[24]["after"].size, rows[24]["before"].mode) == ((32, 32), "RGB")


DIVERGING = ["--set", "amplifier.learning_rate=1.0", "--set", "amplifier.fine_tune_steps=200"]
DIVERGING += ["--pairs", "1", "--workers", "1"]


def test_a_mistake_is_one_line(here: Path, tiny_file: Path) -> None:
    (here / "full").mkdir()
    (here / "full" / "thesis.txt").touch()
    mistakes = [
        (["--pairs", "4"], "--pairs 4, but only 3 source pairs are there; lower it or add pairs"),
        (["--pairs", "1", "--out", "full"], "full: holds something else; name another folder"),
        (["--address", "127.0.0.1:1"], "--address 127.0.0.1:1: nothing answers there"),
        (["--set", "amplifier.weights=none.safetensors"], "no amplifier base can be read here"),
        (DIVERGING, "the amplifier's loss is nan at step"),
    ]
    for words, said in mistakes:
        answer = CliRunner().invoke(app, ["amplify", str(tiny_file), *words])
        assert isinstance(answer.exception, UserError)
        assert said in str(answer.exception)
        assert "\n" not in str(answer.exception)
        assert answer.output == ""


class Amplifying:
    """The command at work in a process group of its own, as a terminal starts it.

    seen: every part that the store has shown, as it was when it was seen first.
    """

    def __init__(self, store: Path, *words: str | Path) -> None:
        self.store = store
        self.seen: dict[str, tuple[int, int]] = {}
        self.process = subprocess.Popen(
            [COMMAND, "amplify", *words, "--store", store],
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    def look(self) -> None:
        for part, written in written_parts(self.store).items():
            self.seen.setdefault(part, written)

    def wait_for_parts(self, count: int) -> None:
        deadline = time.monotonic() + 120
        while len(self.seen) < count:
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
            self.look()

    def end(self) -> str:
        """Wait for the end; return what was said."""
        while self.process.poll() is None:
            self.look()
            time.sleep(0.01)
        return self.process.communicate()[0]


def written_parts(store: Path) -> dict[str, tuple[int, int]]:
    """The parts of a store by name: a part that is made twice is another file."""
    found = {path.name: path.stat() for path in store.glob("amplified/*/part-*.parquet")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


@pytest.fixture
def undisturbed(here: Path, tiny_file: Path) -> dict[str, bytes]:
    assert amplify(tiny_file, *MANY, "--store", "elsewhere", "--out", "whole").returncode == 0
    made = parts(here / "whole")
    assert len(made) == 40
    return made


MANY = ("--pairs", "2", "--count", "400")


def test_neither_ctrl_c_nor_a_killed_driver_loses_a_finished_part(
    here: Path, tiny_file: Path, undisturbed: dict[str, bytes]
) -> None:
    first = Amplifying(here / "store", tiny_file, *MANY, "--out", "set")
    first.wait_for_parts(1)
    os.killpg(first.process.pid, signal.SIGINT)
    said = first.end()
    assert (first.process.returncode, said.splitlines()[-1]) == (
        130,
        "stopped; finished parts are kept, and the same command goes on",
    )
    assert not (here / "set").exists()
    assert len(first.seen) < 40

    second = Amplifying(here / "store", tiny_file, *MANY, "--out", "set")
    second.wait_for_parts(len(first.seen) + 1)
    os.kill(second.process.pid, signal.SIGKILL)
    second.end()
    assert len(second.seen) < 40

    third = Amplifying(here / "store", tiny_file, *MANY, "--out", "set")
    third.end()
    assert third.process.returncode == 0
    assert parts(here / "set") == undisturbed
    assert first.seen.items() <= second.seen.items() <= third.seen.items()


def test_two_at_one_store_make_every_part_once(
    here: Path, tiny_file: Path, undisturbed: dict[str, bytes]
) -> None:
    (here / "store").mkdir()
    (here / "link").symlink_to(here / "store")
    both = [
        Amplifying(here / store, tiny_file, *MANY, "--workers", "1", "--out", f"by-{store}")
        for store in ("store", "link")
    ]
    both[0].wait_for_parts(40)
    for each in both:
        each.end()
        assert each.process.returncode == 0
    assert both[0].seen == written_parts(here / "store")
    assert parts(here / "by-store") == parts(here / "by-link") == undisturbed


def test_mix_draws_each_styles_lips_with_each_styles_eyes(here: Path, tiny_file: Path) -> None:
    other = f"{tiny_file},faces.style=plum"
    command = [COMMAND, "mix", tiny_file, other, "--pairs", "2", "--faces", "3", "--lips", "0.5"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 faces in 2 styles, mixed in mix.png\n"
    with Image.open(here / "mix.png") as grid:
        assert grid.height == 24 + 3 * 2 * (128 + 4)
    assert len(list(here.glob("store/amplifier/*/amplifier.safetensors"))) == 2


def test_a_mix_that_cannot_be_is_one_line(here: Path, tiny_file: Path) -> None:
    mistakes = [
        ([tiny_file], "mix: name two experiments or more, each a style"),
        ([tiny_file, f"{tiny_file},faces.style=pink"], "there is no style 'pink'"),
        ([tiny_file, f"{tiny_file},faces.size=48"], "its photos have 48 pixels a side, the first"),
        ([tiny_file, tiny_file, "--out", here], "name a picture in a folder that is there"),
    ]
    for words, said in mistakes:
        answer = CliRunner().invoke(app, ["mix", *map(str, words), "--pairs", "2"])
        assert isinstance(answer.exception, UserError)
        assert said in str(answer.exception)
        assert "\n" not in str(answer.exception)
