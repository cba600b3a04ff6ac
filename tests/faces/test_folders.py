from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from paretint import UserError
from paretint.config import FolderFaces
from paretint.faces import Pairs
from paretint.faces.folders import by_hash, read_folders

REAL = Path(__file__).parents[3] / "shared" / "data"
Save = Callable[..., Path]
HELDOUT, SOURCE = ("d", "f", "c"), ("b", "e", "h", "a", "g")
"""The letters a to h in the order of their sha256."""


def of(names: tuple[str, ...]) -> list[int]:
    """Return which of the people have these names."""
    return ["abcdefgh".index(name) for name in names]


def changed(folders: FolderFaces, **fields: Any) -> FolderFaces:
    return folders.model_copy(update=fields)


def complaint(folders: FolderFaces) -> str:
    with pytest.raises(UserError) as raised:
        read_folders(folders)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@given(st.lists(st.text(), unique=True), st.randoms())
def test_the_order_of_names_is_their_own(names: list[str], random: Any) -> None:
    ordered = by_hash(names)
    random.shuffle(names)
    assert by_hash(names) == ordered
    assert by_hash(names[1:]) == [name for name in ordered if name != names[0]] if names else True


def test_pairs_are_split_by_the_hash_of_their_names(folders: FolderFaces, people: Pairs) -> None:
    data, skips = read_folders(folders)
    assert (data.heldout.names, data.source.names) == (HELDOUT, SOURCE)
    for pairs in (data.heldout, data.source):
        assert pairs.before.equal(people.before[of(pairs.names)])
        assert pairs.after.equal(people.after[of(pairs.names)])
        assert pairs.regions is None
    assert skips == []


def test_faces_to_amplify_are_the_unlabelled_then_the_sources_last_first(
    folders: FolderFaces, people: Pairs
) -> None:
    faces = read_folders(folders)[0].unlabelled
    assert faces.names == ("x", "y", *SOURCE[::-1])
    assert faces.photos.equal(people.before[[8, 9, *of(SOURCE[::-1])]])


def test_without_a_folder_of_unlabelled_photos_the_sources_are_amplified(
    folders: FolderFaces,
) -> None:
    data, _ = read_folders(changed(folders, unlabelled=None))
    assert data.unlabelled.names == SOURCE[::-1]
    assert data.unlabelled.photos.equal(data.source.before.flip(0))


def test_photos_are_brought_to_the_size_asked_for(folders: FolderFaces) -> None:
    data, _ = read_folders(changed(folders, size=16))
    shapes = [data.source.before.shape, data.heldout.after.shape, data.unlabelled.photos.shape]
    assert shapes == [(5, 3, 16, 16), (3, 3, 16, 16), (7, 3, 16, 16)]


COPIES: dict[str, tuple[Callable[[Tensor], Tensor], str, dict[str, int]]] = {
    "copied": (lambda photo: photo, "png", {}),
    "saved again": (lambda photo: photo, "jpg", {"quality": 40}),
    "enlarged": (lambda photo: photo.repeat_interleave(2, 1).repeat_interleave(2, 2), "jpg", {}),
    "mirrored": (lambda photo: photo.flip(-1), "png", {}),
    "brightened": (lambda photo: photo.clamp(max=252) + 3, "png", {}),
}


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("copy", COPIES)
def test_an_unlabelled_copy_of_a_held_out_photo_is_not_amplified(
    folders: FolderFaces, people: Pairs, save: Save, copy: str, side: str
) -> None:
    change, suffix, options = COPIES[copy]
    for name, index in zip(HELDOUT, of(HELDOUT), strict=True):
        photo = change(getattr(people, side)[index])
        save(photo, f"unlabelled/copy-of-{name}.{suffix}", **options)
    data, skips = read_folders(folders)
    assert data.unlabelled.names == ("x", "y", *SOURCE[::-1])
    assert sorted(map(str, skips)) == [
        f"{folders.unlabelled}/copy-of-{name}.{suffix}: is the held-out face {name}"
        for name in sorted(HELDOUT)
    ]


def test_a_pair_of_a_held_out_photo_under_another_name_is_not_learned_from(
    folders: FolderFaces, people: Pairs, save: Save
) -> None:
    [index] = of(HELDOUT[:1])
    twin = next(name for name in map(str, range(100)) if by_hash([*HELDOUT, name])[-1] == name)
    save(people.before[index], f"before/{twin}.jpg", quality=60)
    save(people.after[index], f"after/{twin}.jpg", quality=60)
    data, skips = read_folders(folders)
    assert data.heldout.names == HELDOUT
    assert sorted(data.source.names) == sorted(SOURCE)
    assert twin not in data.unlabelled.names
    assert list(map(str, skips)) == [f"{folders.before}/{twin}.jpg: is the held-out face d"]


def test_other_faces_are_not_taken_for_held_out_ones(
    folders: FolderFaces, people: Pairs, save: Save
) -> None:
    save(people.before[10], "unlabelled/z.jpg", quality=40)
    data, skips = read_folders(folders)
    assert data.unlabelled.names[:3] == ("x", "y", "z")
    assert skips == []


def test_photos_without_a_partner_are_counted_and_named(
    folders: FolderFaces, people: Pairs, save: Save
) -> None:
    save(people.before[10], "before/z.png")
    (folders.before / "a.png").unlink()
    data, skips = read_folders(folders)
    assert len(data.source) == 4
    assert list(map(str, skips)) == [
        f"{folders.after}/a.png: has no photo of its name in the other folder",
        f"{folders.before}/z.png: has no photo of its name in the other folder",
    ]


def test_a_pair_of_different_sizes_is_skipped(
    folders: FolderFaces, people: Pairs, save: Save
) -> None:
    save(people.after[0, :, :, :30], "after/a.png")
    data, skips = read_folders(folders)
    assert "a" not in data.source.names
    [skip] = skips
    assert str(skip) == (
        f"{folders.after}/a.png: is 30x32, its before 32x32: they cannot be aligned"
    )


@pytest.mark.parametrize("place", ["before/a.png", "after/a.png", "unlabelled/x.png"])
def test_an_unreadable_photo_is_skipped(folders: FolderFaces, tmp_path: Path, place: str) -> None:
    (tmp_path / place).write_bytes(b"no image")
    data, skips = read_folders(folders)
    assert len(data.source) + len(data.unlabelled) == 5 + 7 - (2 if "a.png" in place else 1)
    [skip] = skips
    assert str(skip).startswith(f"{tmp_path / place}: is no readable image (")


@pytest.mark.parametrize("missing", ["before", "after", "unlabelled"])
def test_a_missing_folder(folders: FolderFaces, missing: str) -> None:
    shutil.rmtree(getattr(folders, missing))
    expected = f"{getattr(folders, missing)}: is no folder; give one that holds photos"
    assert complaint(folders) == expected


@pytest.mark.parametrize("empty", ["before", "after", "unlabelled"])
def test_a_folder_without_photos(folders: FolderFaces, empty: str) -> None:
    for photo in getattr(folders, empty).iterdir():
        photo.rename(photo.with_suffix(".txt"))
    assert complaint(folders).startswith(f"{getattr(folders, empty)}: holds no photo (.bmp, ")


def test_names_that_do_not_match(folders: FolderFaces) -> None:
    for photo in folders.after.iterdir():
        photo.rename(photo.with_stem(f"{photo.stem}-made-up"))
    assert complaint(folders) == (
        f"{folders.before} and {folders.after}: share no name; a pair is two photos of equal"
        " name, such as a.png"
    )


@pytest.mark.parametrize("heldout", [8, 100])
def test_too_few_pairs(folders: FolderFaces, heldout: int) -> None:
    assert complaint(changed(folders, heldout=heldout)) == (
        f"{folders.before}: 8 pairs can be used, and {heldout} are to be held out;"
        " add pairs or lower faces.heldout"
    )


def test_pairs_that_are_all_of_held_out_photos(
    folders: FolderFaces, people: Pairs, save: Save
) -> None:
    for name in SOURCE:
        save(people.before[0], f"before/{name}.png")
    for name in HELDOUT:
        save(people.before[0], f"before/{name}.png")
    assert complaint(folders).startswith(f"{folders.before}: 3 pairs can be used, and 3 are to be")


def test_no_pair_that_can_be_used(folders: FolderFaces, people: Pairs, save: Save) -> None:
    save(people.before[10], "before/z.png")
    for photo in folders.after.iterdir():
        Image.new("RGB", (5, 5)).save(photo)
    assert complaint(folders) == (
        f"{folders.before}: none of 8 pairs can be used; {folders.after}/{SOURCE[-1]}.png:"
        " is 5x5, its before 32x32: they cannot be aligned"
    )


def test_photos_are_eight_bit_tensors_of_their_own(folders: FolderFaces) -> None:
    data, _ = read_folders(folders)
    for photos in (data.source.before, data.heldout.after, data.unlabelled.photos):
        assert photos.dtype == torch.uint8


def test_no_two_real_faces_are_taken_for_one() -> None:
    if not REAL.is_dir():
        pytest.skip(f"needs the photos in {REAL}")
    folders = FolderFaces(
        source="folders",
        before=REAL / "makeup_pairs_256" / "before",
        after=REAL / "makeup_pairs_256" / "style1",
        unlabelled=REAL / "unlabelled_256",
        heldout=30,
    )
    data, skips = read_folders(folders)
    assert (len(data.heldout), len(data.source), len(data.unlabelled)) == (30, 53, 49 + 53)
    assert skips == []
