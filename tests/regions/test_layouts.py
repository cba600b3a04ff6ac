from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from paretint import UserError
from paretint.faces.photos import Skip
from paretint.regions import CLASSES, layout_of
from paretint.regions.tables import CELEBAMASK_HQ, HELEN, LAPA

Save = Callable[..., Path]
LAYOUTS = ("labels_json", "celebamask_hq", "lapa", "helen")


def complaint(folder: Path) -> str:
    with pytest.raises(UserError) as raised:
        list(layout_of(folder).items())
    assert "\n" not in str(raised.value)
    return str(raised.value)


def names(folder: Path) -> list[str]:
    return [item.name for item in layout_of(folder).items()]


def read(folder: Path, name: str) -> np.ndarray | Skip:
    layout = layout_of(folder)
    [item] = [item for item in layout.items() if item.name == name]
    return layout.read(layout.files(item))


def test_each_layout_lists_its_photos_by_their_place(
    labels_json: Path, celebamask_hq: Path, lapa: Path, helen: Path
) -> None:
    assert names(labels_json) == ["a", "b", "in/a", "in/deep/c"]
    assert names(celebamask_hq) == ["2001", "7"]
    assert names(lapa) == ["train/a", "train/b", "test/a"]
    assert names(helen) == ["100032540_1", "100040721_2"]


def test_each_layout_knows_its_table(celebamask_hq: Path, lapa: Path, helen: Path) -> None:
    assert layout_of(celebamask_hq).table is CELEBAMASK_HQ
    assert layout_of(lapa).table is LAPA
    assert layout_of(helen).table is HELEN


def test_labels_json_gives_the_table(labels_json: Path) -> None:
    assert layout_of(labels_json).table.title == str(labels_json / "labels.json")
    assert layout_of(labels_json).table.sets() == tuple(frozenset({name}) for name in CLASSES)


def test_one_split_of_lapa_is_a_layout_too(lapa: Path) -> None:
    assert names(lapa / "train") == ["a", "b"]
    assert layout_of(lapa / "train").table is LAPA


def test_labels_json_goes_before_lapa(lapa: Path) -> None:
    (lapa / "train" / "labels.json").write_text('{"0": "hair"}', encoding="utf-8")
    assert layout_of(lapa / "train").table.sets() == ({"hair"},)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_face_is_read_in_every_layout(layout: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(layout)
    ids = read(folder, names(folder)[0])
    assert isinstance(ids, np.ndarray)
    found = [layout_of(folder).table.classes[index] for index in ids[[0, 2, 2, 4], [0, 1, 6, 4]]]
    assert found[:3] == [{"hair"}, {"right_eye"}, {"left_eye"}]
    assert "skin" in found[3]
    assert (ids.dtype, ids.shape, len(np.unique(ids))) == (np.uint8, (8, 8), 4)


def test_later_parts_are_painted_over_earlier_ones(celebamask_hq: Path, save: Save) -> None:
    parts = celebamask_hq / "CelebAMask-HQ-mask-anno" / "0"
    everywhere = np.full((8, 8), 255, np.uint8)
    save(parts / "00007_nose.png", everywhere)
    save(parts / "00007_hat.png", everywhere[:, :] // 255)
    assert isinstance(ids := read(celebamask_hq, "7"), np.ndarray)
    assert ids.tolist() == [[CLASSES.index("hat")] * 8] * 8
    (parts / "00007_hat.png").unlink()
    assert isinstance(ids := read(celebamask_hq, "7"), np.ndarray)
    assert [CLASSES[index] for index in ids[2]] == [
        "nose", "right_eye", "right_eye", "nose", "nose", "left_eye", "left_eye", "nose",
    ]  # fmt: skip


def test_what_no_part_covers_is_background(celebamask_hq: Path) -> None:
    (celebamask_hq / "CelebAMask-HQ-mask-anno" / "0" / "00007_skin.png").unlink()
    assert isinstance(ids := read(celebamask_hq, "7"), np.ndarray)
    assert ids[4].tolist() == [0] * 8


def test_a_photo_without_any_part(celebamask_hq: Path, save: Save) -> None:
    save(celebamask_hq / "CelebA-HQ-img" / "2.jpg", np.zeros((8, 8, 3), np.uint8))
    assert str(read(celebamask_hq, "2")).endswith(
        "/0/00002_skin.png: is missing, as are all other parts"
    )


def test_parts_of_different_sizes(celebamask_hq: Path, save: Save) -> None:
    parts = celebamask_hq / "CelebAMask-HQ-mask-anno" / "0"
    save(parts / "00007_hair.png", np.zeros((8, 4), np.uint8))
    assert str(read(celebamask_hq, "7")) == (
        f"{parts}/00007_hair.png: is not of the size of the parts before it"
    )


def test_equal_probabilities_go_to_the_first_class(helen: Path, save: Save) -> None:
    for index in range(11):
        file = helen / "labels" / "100032540_1" / f"100032540_1_lbl{index:02}.png"
        save(file, np.array([[index, 255 if index in (3, 7) else 254]], np.uint8))
    assert isinstance(ids := read(helen, "100032540_1"), np.ndarray)
    assert ids.tolist() == [[10, 3]]


def test_probabilities_of_different_sizes_and_missing_ones(helen: Path, save: Save) -> None:
    file = helen / "labels" / "100032540_1" / "100032540_1_lbl04.png"
    save(file, np.zeros((8, 4), np.uint8))
    assert str(read(helen, "100032540_1")) == (
        f"{file}: is not of the size of the probabilities before it"
    )
    file.unlink()
    assert str(read(helen, "100032540_1")) == f"{file}: is missing"


IDS = np.array([[0, 3], [18, 1]], np.uint8)


def test_three_equal_channels_are_one(labels_json: Path, save: Save) -> None:
    save(labels_json / "labels" / "a.png", IDS, "RGB")
    assert isinstance(found := read(labels_json, "a"), np.ndarray)
    assert found.tolist() == IDS.tolist()


def test_of_an_image_with_a_palette_the_numbers_are_the_ids(labels_json: Path) -> None:
    image = Image.fromarray(IDS)
    image.putpalette([255 - tone for tone in range(256) for _ in "RGB"])
    image.save(labels_json / "labels" / "a.png")
    assert image.mode == "P"
    assert isinstance(found := read(labels_json, "a"), np.ndarray)
    assert found.tolist() == IDS.tolist()


@pytest.mark.parametrize(
    ("pixels", "reason"),
    [
        (np.full((8, 8), 1, np.uint16), "has more than 8 bits a channel; save it with 8"),
        (np.full((8, 8, 3), (1, 1, 2), np.uint8), "is RGB, and a label map has one channel"),
        (np.full((8, 8, 4), 1, np.uint8), "is RGBA, and a label map has one channel"),
        (np.full((8, 8, 2), 1, np.uint8), "is LA, and a label map has one channel"),
    ],
    ids=["16 bits", "RGB", "RGBA", "LA"],
)
def test_images_that_hold_no_ids(
    labels_json: Path, save: Save, pixels: np.ndarray, reason: str
) -> None:
    file = save(labels_json / "labels" / "a.png", pixels)
    assert str(read(labels_json, "a")) == f"{file}: {reason}"


def test_a_map_that_is_no_image(labels_json: Path) -> None:
    file = labels_json / "labels" / "a.png"
    file.write_bytes(b"no image")
    assert str(read(labels_json, "a")).startswith(f"{file}: is no readable image (")


def test_a_missing_map(labels_json: Path) -> None:
    file = labels_json / "labels" / "in" / "a.png"
    file.unlink()
    assert str(read(labels_json, "in/a")) == f"{file}: is missing"


def test_one_name_twice(labels_json: Path) -> None:
    images = labels_json / "images" / "in"
    shutil.copy(images / "a.png", images / "a.webp")
    assert complaint(labels_json) == f"{images}/a.webp: has the name of a.png; rename one of them"


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert complaint(tmp_path / "none") == (
        f"{tmp_path}/none: is no folder; give one of photos with label maps"
    )


@pytest.mark.parametrize("inside", ["images", "CelebA-HQ-img", "train/images", "photos"])
def test_an_unknown_layout_names_the_known_ones(tmp_path: Path, inside: str) -> None:
    (tmp_path / inside).mkdir(parents=True)
    told = complaint(tmp_path)
    assert told.startswith(f"{tmp_path}: is in no layout that is known: labels.json (")
    assert all(f" {name} (" in told for name in ("CelebAMask-HQ", "LaPa", "Helen"))
