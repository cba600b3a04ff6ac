from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from paretint import UserError
from paretint.faces.folders import by_hash
from paretint.regions import (
    CLASSES,
    Item,
    Labelled,
    Layout,
    Opened,
    layout_of,
    open_item,
    open_labelled,
    prepare_labelled,
    skipped_labels,
    split,
)
from paretint.regions.maps import open_ids
from paretint.regions.tables import Table
from paretint.store import Store

REAL = Path(__file__).parents[3] / "shared" / "data" / "parsed_faces"
LAYOUTS = ("labels_json", "celebamask_hq", "lapa", "helen")
NAMES = ["a", "b", "in/a", "in/deep/c"]
Save = Callable[..., Path]


def silent(done: int, total: int) -> None:
    assert 1 <= done <= total


def prepared(folder: Path, store: Store, side: int = 8) -> Labelled:
    return open_labelled(prepare_labelled(folder, side, store, silent))


def skips(folder: Path, store: Store) -> list[str]:
    return skipped_labels(prepare_labelled(folder, 8, store, silent))


def complaint(folder: Path, store: Store) -> str:
    with pytest.raises(UserError) as raised:
        prepare_labelled(folder, 8, store, silent)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def allowed(labelled: Labelled, row: int) -> set[str]:
    return {CLASSES[index] for index in labelled.table[row].nonzero()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_comes_with_persons_left_eyes(
    layout: str, request: pytest.FixtureRequest, store: Store
) -> None:
    labelled = prepared(request.getfixturevalue(layout), store)
    assert labelled.photos.shape == (len(labelled), 3, 8, 8)
    assert (labelled.photos.dtype, labelled.labels.dtype) == (torch.uint8, torch.uint8)
    for labels in labelled.labels:
        found = [allowed(labelled, int(labels[at])) for at in ((0, 0), (2, 1), (2, 6), (4, 4))]
        assert found[:3] == [{"hair"}, {"right_eye"}, {"left_eye"}]
        assert "skin" in found[3]


def test_photos_come_in_the_order_of_their_hashes_each_with_its_name(
    labels_json: Path, store: Store
) -> None:
    labelled = prepared(labels_json, store)
    assert list(labelled.names) == by_hash(NAMES)
    assert [NAMES[shade] for shade in labelled.photos[:, 1, 3, 3]] == by_hash(NAMES)


def test_a_split_of_what_is_prepared_is_not_copied(labels_json: Path, store: Store) -> None:
    labelled = prepared(labels_json, store)
    rest, held = split(labelled, 3)
    assert rest.photos.data_ptr() == labelled.photos[3].data_ptr()
    assert held.labels.data_ptr() == labelled.labels.data_ptr()
    assert held.names + rest.names == labelled.names


def test_writing_to_what_is_opened_leaves_the_files(labels_json: Path, store: Store) -> None:
    prepared(labels_json, store).photos.fill_(200)
    assert prepared(labels_json, store).photos.max() == 3


def test_progress_is_told_once_for_each_photo_and_only_when_made(
    labels_json: Path, store: Store
) -> None:
    (labels_json / "labels" / "a.png").unlink()
    told: list[tuple[int, int]] = []
    for _ in range(2):
        prepare_labelled(labels_json, 8, store, lambda *progress: told.append(progress))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_is_prepared_is_found_again_wherever_the_folder_lies(
    labels_json: Path, store: Store
) -> None:
    made = prepare_labelled(labels_json, 8, store, silent)
    moved = labels_json.rename(labels_json.with_name("moved"))
    assert prepare_labelled(moved, 8, store, silent) == made
    assert prepare_labelled(moved, 4, store, silent) != made


CHANGES: dict[str, Callable[[Path], object]] = {
    "a photo": lambda folder: Image.new("RGB", (8, 8), "red").save(folder / "images/a.png"),
    "a map": lambda folder: Image.new("L", (8, 8), 5).save(folder / "labels/in/a.png"),
    "a missing map": lambda folder: (folder / "labels/b.png").unlink(),
    "a name": lambda folder: [
        (folder / kind / "a.png").rename(folder / kind / "z.png") for kind in ("images", "labels")
    ],
    "the table": lambda folder: (folder / "labels.json").write_text(
        (folder / "labels.json").read_text().replace('"hair"', '"hat"')
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_prepared_depends_on(labels_json: Path, store: Store, change: str) -> None:
    made = prepare_labelled(labels_json, 8, store, silent)
    CHANGES[change](labels_json)
    assert prepare_labelled(labels_json, 8, store, silent) != made


def test_sides_that_are_the_photo_s_are_exchanged(labels_json: Path, store: Store) -> None:
    """Three maps of four call the eye on the photo's left the left one."""
    for name in NAMES[1:]:
        file = labels_json / "labels" / f"{name}.png"
        Image.fromarray(np.array(Image.open(file))[:, ::-1]).save(file)
    labelled = prepared(labels_json, store)
    assert allowed(labelled, CLASSES.index("left_eye")) == {"right_eye"}
    assert allowed(labelled, CLASSES.index("right_ear")) == {"left_ear"}
    assert allowed(labelled, CLASSES.index("nose")) == {"nose"}


def test_the_middle_squares_are_taken(labels_json: Path, store: Store, save: Save) -> None:
    columns = np.repeat([[0, 0, 5, 6, 7, 8, 9, 9]], 4, axis=0).astype(np.uint8)
    save(labels_json / "images" / "a.png", np.stack([columns] * 3, axis=2))
    save(labels_json / "labels" / "a.png", columns)
    labelled = prepared(labels_json, store, side=4)
    index = labelled.names.index("a")
    assert labelled.labels[index].tolist() == [[5, 6, 7, 8]] * 4
    assert labelled.photos[index, 1].tolist() == [[5, 6, 7, 8]] * 4


@given(st.integers(8, 60), st.integers(8, 60), st.integers(4, 80), st.booleans())
@settings(max_examples=30)
def test_maps_are_cut_as_their_photos(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int, side: int, upright: bool
) -> None:
    """Photo and map count the same columns, or rows: nowhere are they half of one apart."""
    counted = np.indices((height, width), np.uint8)[0 if upright else 1]
    folder = tmp_path_factory.mktemp("counted")
    for kind, pixels in (("images", np.stack([4 * counted] * 3, axis=2)), ("labels", counted)):
        (folder / kind).mkdir()
        Image.fromarray(pixels).save(folder / kind / "a.png")
    every = json.dumps({str(index): "skin" for index in range(60)})
    (folder / "labels.json").write_text(every, encoding="utf-8")
    labelled = prepared(folder, Store(folder / "store"), side)
    apart = (labelled.photos[0, 0] / 4 - labelled.labels[0]).abs()
    scale = min(width, height) / side
    edge = math.ceil(3 * max(scale, 1) / scale)  # the reach of Lanczos, which has nothing beyond
    assert (apart[edge:-edge, edge:-edge] <= 0.5 + 0.3).all()


def test_larger_photos_of_celebamask_hq_are_brought_to_their_maps(celebamask_hq: Path) -> None:
    layout = layout_of(celebamask_hq)
    [_, item] = layout.items()
    opened = open_item(layout, item)
    assert isinstance(opened, Opened)
    assert (opened.photo.size, opened.labels.shape) == ((8, 8), (8, 8))
    assert opened.photo.getpixel((3, 3)) == (7, 7, 7)


@pytest.mark.parametrize("size", [(15, 16), (16, 12), (4, 4), (20, 20)])
def test_photos_of_celebamask_hq_of_another_shape_are_skipped(
    celebamask_hq: Path, store: Store, size: tuple[int, int]
) -> None:
    Image.new("RGB", size).save(celebamask_hq / "CelebA-HQ-img" / "7.jpg")
    [skip] = skips(celebamask_hq, store)
    assert skip.endswith(
        f"/0/00007_skin.png: is 8x8, its photo {size[0]}x{size[1]}: they cannot be aligned"
    )


def test_an_item_has_its_own_size(labels_json: Path, save: Save) -> None:
    save(labels_json / "images" / "a.png", np.full((6, 10), 9, np.uint8))
    ids = np.arange(60, dtype=np.uint8).reshape(6, 10) % 19
    save(labels_json / "labels" / "a.png", ids)
    layout = layout_of(labels_json)
    opened = open_item(layout, next(layout.items()))
    assert isinstance(opened, Opened)
    assert (opened.photo.mode, opened.photo.size) == ("RGB", (10, 6))
    assert opened.photo.getpixel((9, 5)) == (9, 9, 9)
    assert opened.labels.tolist() == ids.tolist()


def test_rows_of_an_item_are_those_of_the_table(tmp_path: Path, save: Save) -> None:
    file = save(tmp_path / "map.png", np.array([[40, 3]], np.uint8))
    photo = save(tmp_path / "photo.png", np.zeros((1, 2, 3), np.uint8))
    table = Table("mine", {40: frozenset({"hair"}), 3: frozenset({"nose"})})
    layout = Layout(tmp_path, table, lambda: iter(()), lambda item: [item.map], open_ids)
    opened = open_item(layout, Item("photo", photo, file))
    assert isinstance(opened, Opened)
    assert opened.labels.tolist() == [[1, 0]]


SPOILED: dict[str, tuple[str, np.ndarray, str]] = {
    "id": ("labels", np.full((8, 8), 19, np.uint8), "has the id 19, which is not in the table of "),
    "map of another size": (
        "labels", np.zeros((8, 16), np.uint8), "is 16x8, its photo 8x8: they cannot be aligned",
    ),
    "smaller map": (
        "labels", np.zeros((4, 4), np.uint8), "is 4x4, its photo 8x8: they cannot be aligned",
    ),
    "coloured map": ("labels", np.full((8, 8, 3), (1, 2, 3), np.uint8), "is RGB, and a label map"),
    "16-bit map": ("labels", np.ones((8, 8), np.uint16), "has more than 8 bits a channel"),
    "16-bit photo": ("images", np.ones((8, 8), np.uint16), "has more than 8 bits a channel"),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILED)
def test_what_cannot_be_used_is_skipped_and_named(
    labels_json: Path, store: Store, save: Save, how: str
) -> None:
    place, pixels, reason = SPOILED[how]
    file = save(labels_json / place / "in" / "a.png", pixels)
    labelled = prepared(labels_json, store)
    assert list(labelled.names) == by_hash(["a", "b", "in/deep/c"])
    assert [NAMES[shade] for shade in labelled.photos[:, 0, 0, 0]] == list(labelled.names)
    assert len(labelled.photos) == len(labelled.labels) == 3
    [skip] = skips(labels_json, store)
    assert skip.startswith(f"{file}: {reason}")


@pytest.mark.parametrize("place", ["images", "labels"])
def test_unreadable_files_are_skipped(labels_json: Path, store: Store, place: str) -> None:
    file = labels_json / place / "b.png"
    file.write_bytes(file.read_bytes()[:40])
    assert len(prepared(labels_json, store)) == 3
    assert skips(labels_json, store)[0].startswith(f"{file}: is no readable image (")


def test_the_table_s_file_is_named_where_an_id_is_unknown(labels_json: Path, store: Store) -> None:
    Image.new("L", (8, 8), 200).save(labels_json / "labels" / "b.png")
    assert skips(labels_json, store) == [
        f"{labels_json}/labels/b.png: has the id 200, which is not in the table of"
        f" {labels_json}/labels.json"
    ]


def test_nothing_that_can_be_used(labels_json: Path, store: Store) -> None:
    shutil.rmtree(labels_json / "labels")
    last = by_hash(NAMES)[-1]
    assert complaint(labels_json, store) == (
        f"{labels_json}: none of 4 photos can be used; {labels_json}/labels/{last}.png: is missing"
    )
    assert [path for path in (store.root / "labelled").iterdir() if path.suffix != ".lock"] == []


@pytest.mark.parametrize("spoil", [shutil.rmtree, lambda images: [
    path.rename(path.with_suffix(".txt")) for path in images.rglob("*.png")
]], ids=["no folder", "no photo"])  # fmt: skip
def test_no_photo_at_all(labels_json: Path, store: Store, spoil: Callable[[Path], object]) -> None:
    spoil(labels_json / "images")
    assert complaint(labels_json, store) == f"{labels_json}: holds no photo with a label map"


def test_the_faces_that_lie_beside_the_project(store: Store) -> None:
    if not REAL.is_dir():
        pytest.skip(f"needs the photos in {REAL}")
    path = prepare_labelled(REAL, 64, store, silent)
    labelled = open_labelled(path)
    assert skipped_labels(path) == []
    assert labelled.photos.shape == (95, 3, 64, 64)
    assert labelled.table.equal(torch.eye(len(CLASSES), dtype=torch.bool))
    assert {name.split("/")[0] for name in labelled.names} == {"makeup", "non_makeup"}
    rest, held = split(labelled, 30)
    assert (len(rest), held.names) == (65, labelled.names[:30])
    present = [int((labelled.labels == row).flatten(1).any(dim=1).sum()) for row in range(19)]
    assert min(present[row] for row in (0, 1, 2, 4, 5, 11, 12, 13, 17)) >= 94
