"""Machines, each with a cache of its own, in front of storage of several kinds."""

from __future__ import annotations

import pickle
import shutil
import socket
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from fsspec.registry import _registry

from paretint import UserError
from paretint.store import Shared, Store, shared

Machine = Callable[[str], Store]


@pytest.fixture(params=["memory", "disk", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder that does not exist yet, on each kind of storage that is at hand."""
    if request.param == "s3":
        return request.getfixturevalue("bucket") + "/team/artifacts"
    if request.param == "disk":
        return f"file://{tmp_path}/storage"
    return f"memory://{uuid.uuid4().hex}/artifacts"


@pytest.fixture
def machine(url: str, tmp_path: Path) -> Machine:
    """Gives a machine's store, whose cache is empty at first."""
    return lambda name: Store(tmp_path / name, Shared(url))


def make(folder: Path) -> None:
    (folder / "Data").mkdir()
    (folder / "Data" / "weights.bin").write_bytes(bytes(range(256)))
    (folder / "spec.txt").write_text("spec")


def fail(_: Path) -> None:
    raise AssertionError("made anew")


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def stored(url: str) -> list[str]:
    """The files on the storage, without the folders that uploads have for themselves."""
    files, root = fsspec.core.url_to_fs(url)
    files.invalidate_cache()
    return sorted(path.removeprefix(f"{root}/") for path in files.find(root))


MADE = {"Data/weights.bin": bytes(range(256)), "spec.txt": b"spec"}


def test_what_one_machine_made_another_finds(machine: Machine) -> None:
    one, two, three = machine("one"), machine("two"), machine("three")
    assert not two.has("model", "k")
    assert two.find("model", "k") is None
    assert contents(one.build("model", "k", make)) == MADE
    assert two.has("model", "k")
    assert not two.folder("model", "k").exists()  # asking brings nothing
    folder = two.build("model", "k", fail)
    assert folder == two.folder("model", "k")
    assert contents(folder) == MADE
    assert three.find("model", "k") == three.here(folder) == three.folder("model", "k")
    assert contents(three.folder("model", "k")) == MADE


def test_an_artifact_can_be_a_file(machine: Machine) -> None:
    one, two = machine("one"), machine("two")
    file = one.folder("set/k", "part-0")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"part")
    assert not two.has("set/k", "part-0")
    one.share("set/k", "part-0")
    found = two.find("set/k", "part-0")
    assert found is not None
    assert found.read_bytes() == b"part"
    assert two.find("set/k", "part-1") is None


def test_what_is_in_the_cache_needs_no_storage(machine: Machine, url: str) -> None:
    machine("one").build("model", "k", make)
    elsewhere = Store(machine("one").root, Shared("nowhere://host"))
    assert elsewhere.has("model", "k")
    assert elsewhere.find("model", "k") == elsewhere.build("model", "k", fail)
    assert stored(url)


def test_what_was_uploaded_by_half_is_never_taken(machine: Machine, url: str) -> None:
    machine("one").build("model", "k", make)
    files, root = fsspec.core.url_to_fs(url)
    files.rm_file(f"{root}/model/k.json")  # which is written last
    two = machine("two")
    assert len(stored(url)) == 2
    assert not two.has("model", "k")
    assert two.find("model", "k") is None
    assert contents(two.build("model", "k", make)) == MADE
    assert contents(machine("three").build("model", "k", fail)) == MADE


@pytest.mark.parametrize("damage", ["cut short", "gone"])
def test_what_storage_damaged_is_made_anew_for_all(machine: Machine, url: str, damage: str) -> None:
    machine("one").build("model", "k", make)
    files, root = fsspec.core.url_to_fs(url)
    (weights,) = (name for name in stored(url) if name.endswith("weights.bin"))
    files.rm_file(f"{root}/{weights}")
    if damage == "cut short":
        files.pipe_file(f"{root}/{weights}", b"half")
    two = machine("two")
    assert two.find("model", "k") is None
    assert [path.name for path in (two.root / "model").iterdir()] == [".k.lock"]
    assert contents(two.build("model", "k", make)) == MADE
    assert contents(machine("three").build("model", "k", fail)) == MADE


def test_machines_that_make_one_artifact_at_once_mix_no_files(url: str, tmp_path: Path) -> None:
    def put(number: int) -> None:
        folder = tmp_path / f"of-{number}"
        folder.mkdir()
        for name in "abc":
            (folder / name).write_bytes(bytes([number]) * 1000)
        Shared(url).put("model/k", folder)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Shared(url).fetch("model/k", tmp_path / "fetched")
    assert len(set(contents(tmp_path / "fetched").values())) == 1


def test_a_cache_that_was_emptied_fills_again(machine: Machine, url: str) -> None:
    store = machine("one")
    shutil.rmtree(store.build("model", "k", make))
    assert contents(store.build("model", "k", fail)) == MADE
    shutil.rmtree(store.folder("model", "k"))
    files, root = fsspec.core.url_to_fs(url)
    files.rm(f"{root}/model", recursive=True)
    assert contents(store.build("model", "k", make)) == MADE
    assert contents(machine("two").build("model", "k", fail)) == MADE


def test_what_storage_would_not_take_is_kept_and_put_there_later(tmp_path: Path) -> None:
    (tmp_path / "storage").symlink_to(tmp_path / "unplugged")
    url = f"file://{tmp_path}/storage"
    store = Store(tmp_path / "one", Shared(url))
    with pytest.raises(UserError, match=f"^{url}: cannot be written: ") as raised:
        Store(tmp_path / "one", Shared(url)).build("model", "k", make)
    assert "\n" not in str(raised.value)
    (tmp_path / "unplugged").mkdir()
    assert contents(store.build("model", "k", fail)) == MADE
    assert contents(Store(tmp_path / "two", Shared(url)).build("model", "k", fail)) == MADE


def test_an_artifact_can_be_an_empty_folder(machine: Machine) -> None:
    machine("one").build("model", "k", lambda _: None)
    assert contents(machine("two").build("model", "k", fail)) == {}


# Where a store and its cache are


def test_a_url_has_a_cache_below_home_or_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PARETINT_CACHE", raising=False)
    store = Store.at("memory://team/a")
    assert store.root.parent == tmp_path / ".cache" / "paretint" / "shared"
    assert store.root.is_dir()
    assert Store.at("memory://team/a/").root == store.root
    assert Store.at("memory://team/b").root != store.root
    assert str(store) == "memory://team/a"
    monkeypatch.setenv("PARETINT_CACHE", str(tmp_path / "large"))
    assert Store.at("memory://team/a").root == tmp_path / "large" / "shared" / store.root.name


def test_on_another_machine_its_cache_is_that_machines(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARETINT_CACHE", str(tmp_path / "one"))
    store = Store.at(f"{bucket}/artifacts")
    store.build("model", "k", make)
    sent = pickle.dumps(store)
    monkeypatch.setenv("PARETINT_CACHE", str(tmp_path / "two"))
    arrived: Store = pickle.loads(sent)
    assert arrived.root == tmp_path / "two" / store.root.relative_to(tmp_path / "one")
    assert contents(arrived.here(store.folder("model", "k"))) == MADE
    local = Store(tmp_path / "local")
    assert pickle.loads(pickle.dumps(local)) == local


# Storage that does not serve: one line


def refused(url: str) -> str:
    with pytest.raises(UserError) as raised:
        Store.at(url)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARETINT_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("own_cache")
def test_a_bucket_that_is_not_there_is_told_and_not_made(bucket: str) -> None:
    said = refused(f"{bucket}-misspelt/artifacts")
    assert said == (
        f"--store {bucket}-misspelt/artifacts: cannot be written: The specified bucket does not"
        " exist"
    )
    assert not fsspec.filesystem("s3").exists(f"{bucket}-misspelt")


@pytest.mark.usefixtures("own_cache", "bucket")
def test_storage_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_ANSWER_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:{1}".format(*deaf.getsockname()))
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        assert refused("s3://bucket/a") == "--store s3://bucket/a: does not answer within 0.5 s"


@pytest.mark.usefixtures("own_cache")
def test_a_scheme_whose_package_is_missing_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(_registry, "s3", raising=False)
    assert refused("s3://bucket/a") == "--store s3://bucket/a: cannot be reached: pip install s3fs"


@pytest.mark.usefixtures("own_cache")
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nowhere://host/a", "cannot be reached: Protocol not known: nowhere"),
        ("abfs://container/a", "cannot be reached: pip install adlfs"),
        ("http://127.0.0.1:1/a", "cannot be written: "),
        ("s3://", "cannot be written: "),
        ("ftp://127.0.0.1:1/a", "cannot be reached: [Errno "),
        ("s3://[a", "is no URL: Invalid IPv6 URL"),
        ("file://other/c", "give a path or a file:// URL of this machine"),
    ],
)
def test_urls_that_cannot_serve(url: str, said: str) -> None:
    assert refused(url).startswith(f"--store {url}: {said}")


def test_a_cache_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PARETINT_CACHE", str(tmp_path / "file"))
    said = refused("memory://team/a")
    assert said.startswith(f"--store memory://team/a: its cache {tmp_path}/file/shared/memory-")
    assert said.endswith(" cannot be made: Not a directory")
