from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from paretint import UserError
from paretint.config import FolderFaces, ProceduralFaces
from paretint.faces import FaceData, Pairs, find_faces, open_faces, prepare_faces, skipped_photos
from paretint.store import Store

Save = Callable[..., Path]


def procedural(**fields: Any) -> ProceduralFaces:
    known = {"style": "rose", "size": 32, "pairs": 4, "unlabelled": 9, "heldout": 8}
    return ProceduralFaces(source="procedural", **known | fields)


def digests(photos: Tensor) -> set[bytes]:
    return {photo.numpy().tobytes() for photo in photos}


def roles(data: FaceData) -> list[set[bytes]]:
    """Return the bare faces of each role."""
    return [
        digests(photos)
        for photos in (data.source.before, data.unlabelled.photos, data.heldout.before)
    ]


def test_procedural_roles_share_no_face_within_a_seed_or_between_two(store: Store) -> None:
    every: list[set[bytes]] = []
    for seed in (0, 1, 2):
        data = open_faces(
            prepare_faces(procedural(pairs=40, unlabelled=70, heldout=40), seed, store)
        )
        every += roles(data)
        names = (data.source.names, data.unlabelled.names, data.heldout.names)
        assert len(set().union(*names)) == 150
    assert list(map(len, every)) == [40, 70, 40] * 3
    assert len(set().union(*every)) == 450


def test_faces_are_found_once_they_were_prepared_and_not_made(store: Store) -> None:
    assert find_faces(procedural(), 3, store) is None
    folder = prepare_faces(procedural(), 3, store)
    assert find_faces(procedural(), 3, store) == folder
    assert find_faces(procedural(), 4, store) is None


def test_procedural_faces_come_back_as_they_were_made(store: Store) -> None:
    data = open_faces(prepare_faces(procedural(), 3, store))
    assert (len(data.source), len(data.unlabelled), len(data.heldout)) == (4, 9, 8)
    for pairs in (data.source, data.heldout):
        assert pairs.before.shape == pairs.after.shape == (len(pairs), 3, 32, 32)
        assert pairs.regions is not None
        assert pairs.regions.shape == (len(pairs), 32, 32)
        assert not pairs.before.equal(pairs.after)
    assert data.unlabelled.regions is not None
    assert data.unlabelled.photos.dtype == data.unlabelled.regions.dtype == torch.uint8


def test_more_procedural_faces_begin_with_the_fewer(store: Store) -> None:
    few, many = (
        open_faces(prepare_faces(procedural(pairs=pairs, unlabelled=unlabelled), 0, store))
        for pairs, unlabelled in ((2, 5), (40, 50))
    )
    assert many.source.after[:2].equal(few.source.after)
    assert many.unlabelled.photos[:5].equal(few.unlabelled.photos)
    assert many.heldout.before.equal(few.heldout.before)


def test_faces_are_made_once(store: Store) -> None:
    folder = prepare_faces(procedural(), 0, store)
    [file] = folder.iterdir()
    written = file.stat().st_mtime_ns
    assert prepare_faces(procedural(), 0, store) == folder
    assert file.stat().st_mtime_ns == written


def test_a_process_reads_prepared_faces_once(store: Store) -> None:
    folder = prepare_faces(procedural(), 0, store)
    assert open_faces(folder) is open_faces(folder)


@pytest.mark.parametrize(
    "changed",
    [{"style": "plum"}, {"size": 48}, {"pairs": 5}, {"unlabelled": 10}, {"heldout": 9}],
)
def test_other_procedural_faces_have_another_folder(store: Store, changed: dict[str, Any]) -> None:
    folder = prepare_faces(procedural(), 0, store)
    assert prepare_faces(procedural(**changed), 0, store) != folder
    assert prepare_faces(procedural(), 1, store) != folder


@pytest.mark.parametrize(
    ("style", "hint"),
    [("rosé", "; did you mean 'rose'?"), ("evening", "; known: coral, plum, rose")],
)
def test_a_misspelt_style(store: Store, style: str, hint: str) -> None:
    with pytest.raises(UserError) as raised:
        prepare_faces(procedural(style=style), 0, store)
    assert str(raised.value) == f"faces.style: there is no style {style!r}{hint}"
    assert not store.root.exists()


def test_folders_come_back_with_what_was_skipped(
    folders: FolderFaces, people: Pairs, save: Save, store: Store
) -> None:
    copy = save(people.before[3], "unlabelled/copy.jpg", quality=60)  # d, the first held out
    folder = prepare_faces(folders, 0, store)
    data = open_faces(folder)
    assert (len(data.source), data.heldout.names) == (5, ("d", "f", "c"))
    assert data.unlabelled.names[:2] == ("x", "y")
    assert data.heldout.before[0].equal(people.before[3])
    assert data.source.regions is data.heldout.regions is data.unlabelled.regions is None
    assert skipped_photos(folder) == [f"{copy}: is the held-out face d"]
    sources, amplified, heldout = roles(data)
    assert sources < amplified
    assert not amplified & heldout


def test_nothing_is_skipped_of_procedural_faces(store: Store) -> None:
    assert skipped_photos(prepare_faces(procedural(), 0, store)) == []


def test_folders_are_known_by_what_is_in_them(
    folders: FolderFaces, people: Pairs, save: Save, store: Store, tmp_path: Path
) -> None:
    folder = prepare_faces(folders, 0, store)
    shutil.copytree(folders.before, tmp_path / "moved")
    moved = folders.model_copy(update={"before": tmp_path / "moved"})
    assert prepare_faces(moved, 0, store) == folder
    assert prepare_faces(folders, 1, store) == folder
    for changed in ({"size": 48}, {"heldout": 2}, {"unlabelled": None}):
        assert prepare_faces(folders.model_copy(update=changed), 0, store) != folder
    save(people.after[10], "after/a.png")
    assert prepare_faces(folders, 0, store) != folder


def test_folders_that_cannot_serve_leave_nothing(folders: FolderFaces, store: Store) -> None:
    few = folders.model_copy(update={"heldout": 8})
    with pytest.raises(UserError, match="8 pairs can be used, and 8 are to be held out"):
        prepare_faces(few, 0, store)
    assert not [path for path in store.root.rglob("*") if path.suffix == ".safetensors"]
