from __future__ import annotations

from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from paretint import UserError
from paretint.regions import ARCHITECTURES, Architecture, FaceParser, ParserJob
from paretint.regions.artifact import trained_parser
from paretint.store import Store


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `lite` and the rendered faces beside the labelled ones be as small as they can."""
    tiny = Architecture(width=4, blocks=(1, 1, 1), hidden=8, side=16)
    monkeypatch.setitem(ARCHITECTURES, "lite", tiny)
    monkeypatch.setattr("paretint.regions.artifact.ParserJob", partial(ParserJob, rendered=2))


def train(folder: Path, store: Store, steps: int = 2, seed: int = 0) -> Path:
    return trained_parser(folder, "lite", steps, seed, store, Console(file=StringIO()))


def kept(store: Store) -> list[str]:
    """What lies beside the parsers: locks, and states of trainings that were stopped."""
    return [path.suffix for path in (store.root / "parser").iterdir() if path.is_file()]


def test_a_parser_is_trained_once_a_store(labels_json: Path, store: Store) -> None:
    file = train(labels_json, store)
    written = file.stat().st_mtime_ns
    assert FaceParser.load(file).side == 16
    assert kept(store) == [".lock"]
    assert train(labels_json, store) == file
    assert file.stat().st_mtime_ns == written


def test_the_same_photos_and_settings_give_the_same_parser(
    labels_json: Path, store: Store, tmp_path: Path
) -> None:
    moved = labels_json.rename(tmp_path / "moved")
    one, other = train(moved, store), train(moved, Store(tmp_path / "other"))
    assert one.parent.name == other.parent.name
    assert FaceParser.load(one).key == FaceParser.load(other).key


def test_other_settings_and_photos_give_another(labels_json: Path, store: Store) -> None:
    files = [train(labels_json, store, steps, seed) for steps, seed in ((2, 0), (3, 0), (2, 1))]
    (labels_json / "images" / "a.png").unlink()
    files.append(train(labels_json, store))
    assert len({FaceParser.load(file).key for file in files}) == 4


def test_the_state_that_a_stopped_training_left_is_read(
    labels_json: Path, store: Store, tmp_path: Path
) -> None:
    other = Store(tmp_path / "other")
    key = train(labels_json, other).parent.name
    state = store.folder("parser", f".{key}.state")
    state.parent.mkdir(parents=True)
    state.write_bytes(b"cut short")
    with pytest.raises(UserError, match=rf"^{state}: holds no training to go on with"):
        train(labels_json, store)
    assert not store.has("parser", key)


def test_photos_that_are_skipped_are_named(labels_json: Path, store: Store) -> None:
    (labels_json / "images" / "b.png").write_bytes(b"no image")
    console = Console(file=StringIO(), width=40)
    trained_parser(labels_json, "lite", 1, 0, store, console)
    said = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert said[0] == "1 photo is skipped:"
    assert said[1].startswith(f"  {labels_json}/images/b.png: is no readable image")


def test_a_folder_in_no_known_layout(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UserError, match=f"^{tmp_path}"):
        train(tmp_path, store)
    assert not (store.root / "parser").exists()
