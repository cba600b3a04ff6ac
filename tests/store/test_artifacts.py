from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from paretint import UserError
from paretint.store import Store

BUILDER = """
import sys, time
from pathlib import Path
from paretint.store import Store

root, seconds = Path(sys.argv[1]), float(sys.argv[2])

def make(folder):
    with open(root / "builds.txt", "a") as file:
        file.write("built\\n")
    (folder / "half.txt").write_text("half")
    time.sleep(seconds)
    (folder / "whole.txt").write_text("whole")

print(Store(root).build("amplified", "abc", make))
"""


def builder(root: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(root), str(seconds)], stdout=subprocess.PIPE, text=True
    )


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        time.sleep(0.02)


def contents(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.name.endswith(".lock"))


def write_one(folder: Path) -> None:
    (folder / "file.txt").write_text("one")


def test_what_is_built_is_there_and_not_built_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.has("speed", "k")
    folder = store.build("speed", "k", write_one)
    assert folder == store.folder("speed", "k") == tmp_path / "speed" / "k"
    assert store.has("speed", "k")

    def fail(_: Path) -> None:
        raise AssertionError("built twice")

    assert store.build("speed", "k", fail) == folder
    assert (folder / "file.txt").read_text() == "one"
    assert contents(tmp_path / "speed") == ["k"]


def test_two_processes_wait_for_one_build(tmp_path: Path) -> None:
    first, second = builder(tmp_path, 1.0), builder(tmp_path, 1.0)
    answers = {process.communicate(timeout=60)[0].strip() for process in (first, second)}
    assert (first.returncode, second.returncode) == (0, 0)
    assert answers == {str(tmp_path / "amplified" / "abc")}
    assert (tmp_path / "builds.txt").read_text() == "built\n"
    assert contents(tmp_path / "amplified" / "abc") == ["half.txt", "whole.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failed_build_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    store = Store(tmp_path)

    def make(folder: Path) -> None:
        write_one(folder)
        raise error

    with pytest.raises(error):
        store.build("speed", "k", make)
    assert not store.has("speed", "k")
    assert contents(tmp_path / "speed") == []
    assert store.build("speed", "k", write_one).is_dir()


def test_what_a_killed_build_leaves_is_never_taken_for_whole(tmp_path: Path) -> None:
    process = builder(tmp_path, 600)
    wait_for(tmp_path / "builds.txt")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    store = Store(tmp_path)
    assert not store.has("amplified", "abc")
    folder = store.build("amplified", "abc", write_one)
    assert contents(folder) == ["file.txt"]
    assert contents(tmp_path / "amplified") == ["abc"]


def test_a_lock_is_held_against_other_processes(tmp_path: Path) -> None:
    with Store(tmp_path).lock("amplified", "abc"):
        process = builder(tmp_path, 0)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
    assert process.communicate(timeout=60)[0].strip() == str(tmp_path / "amplified" / "abc")


def test_an_artifact_can_be_read_by_those_who_read_its_neighbours(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / "speed").mkdir(mode=0o755)
    (tmp_path / "speed").chmod(0o755)
    assert store.build("speed", "k", write_one).stat().st_mode & 0o777 == 0o755


def test_where_the_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PARETINT_STORE", raising=False)
    assert Store.at(None).root == tmp_path / "home" / ".cache" / "paretint"
    monkeypatch.setenv("PARETINT_STORE", "from-env")
    assert Store.at(None).root == tmp_path / "from-env"
    assert Store.at("given").root == tmp_path / "given"
    assert Store.at(f"file://{tmp_path}/a%20b").root == tmp_path / "a b"
    assert all(Store.at(name).root.is_dir() for name in (None, "given", "~/x"))


def test_a_store_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^--store file://other/c: give a path"):
        Store.at("file://other/c")
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be made: Not a directory"):
        Store.at(str(tmp_path / "file" / "store"))
    with pytest.raises(UserError, match="~no-such-user/store: there is no such user's home"):
        Store.at("~no-such-user/store")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(UserError, match="cannot be written"):
        Store.at(str(tmp_path))
