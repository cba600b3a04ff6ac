from __future__ import annotations

import errno
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from paretint import UserError
from paretint.store import Remote


class Share(MemoryFileSystem):
    """A file system that renames as Windows' shares do: to no name that is taken."""

    protocol = "share"
    store: ClassVar[dict[str, Any]] = {}

    def mv(self, path1: str, path2: str, **_: Any) -> None:
        if self.exists(path2):
            raise OSError(errno.EEXIST, "the name is taken", path2)
        super().mv(path1, path2)


@pytest.fixture(params=["disk", "file URL", "memory", "share", "bucket"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    """A folder that does not exist yet, on each kind of file system that is at hand."""
    memory = f"memory://{uuid.uuid4().hex}/run"
    fsspec.register_implementation("share", Share, clobber=True)
    urls = {
        "disk": tmp_path / "run",
        "file URL": f"file://{tmp_path}/run",
        "memory": memory,
        "share": "share://run",
    }
    if request.param == "bucket":
        urls["bucket"] = request.getfixturevalue("bucket") + "/run"
    yield Remote(urls[request.param])
    Share.store.clear()
    fsspec.filesystem("memory").store.clear()


def test_nothing_is_there(remote: Remote, tmp_path: Path) -> None:
    assert remote.read("devices/a.json") is None
    assert remote.names("devices") == []
    assert remote.fetch("models/t0", tmp_path) is None
    remote.remove("devices/a.json")


def test_a_file_is_written_replaced_and_removed(remote: Remote) -> None:
    remote.write("devices/b.json", b"1")
    remote.write("devices/a.json", b"2")
    remote.write("devices/b.json", b"3")
    assert remote.names("devices") == ["a.json", "b.json"]
    assert remote.read("devices/b.json") == b"3"
    remote.remove("devices/b.json")
    assert remote.names("devices") == ["a.json"]


def test_what_is_being_written_has_no_name(remote: Remote) -> None:
    remote.write("devices/.a.json.1234", b"half")
    assert remote.names("devices") == []


def test_a_file_and_a_folder_come_here(remote: Remote, tmp_path: Path) -> None:
    remote.write("models/t0/model.onnx", b"weights")
    remote.write("models/t0/model.mlpackage/Data/spec", b"spec")
    here = tmp_path / "here"
    here.mkdir()
    for _ in range(2):
        model = remote.fetch("models/t0/model.onnx", here)
        package = remote.fetch("models/t0/model.mlpackage", here)
        assert model is not None
        assert package is not None
        assert model.read_bytes() == b"weights"
        assert (package / "Data" / "spec").read_bytes() == b"spec"
        assert model.with_suffix(".mlpackage") == package


def test_on_a_disk_nothing_is_copied(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    assert Remote(tmp_path).fetch("model.onnx", tmp_path / "here") == tmp_path / "model.onnx"


def test_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    contents = [bytes([each]) * 200_000 for each in range(6)]
    remote = Remote(tmp_path)
    threads = [threading.Thread(target=remote.write, args=("a", content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "a").read_bytes() in contents
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


@pytest.mark.parametrize("url", ["nowhere://host/run", "abfs://container/run"])
def test_a_scheme_that_nothing_speaks(url: str) -> None:
    with pytest.raises(UserError, match=f"^{url}: cannot be reached: ") as told:
        Remote(url)
    assert "\n" not in str(told.value)
