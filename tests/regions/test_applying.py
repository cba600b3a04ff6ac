from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from paretint import UserError
from paretint.faces.photos import open_photo, to_square
from paretint.regions import CLASSES, FaceParser
from paretint.regions.applying import apply_parser, check, find_photos
from paretint.regions.dataset import open_item
from paretint.regions.layouts import layout_of


@pytest.fixture
def parser(make_parser: Callable[..., FaceParser]) -> FaceParser:
    return make_parser()


def save_photo(path: Path, size: tuple[int, int] = (40, 30), seed: int = 0) -> Path:
    """Write a photo of blobs."""
    coarse = np.random.default_rng(seed).integers(256, size=(5, 5, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(coarse).resize(size).save(path)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for seed, name in enumerate(("a.png", "b.jpg", "c.png")):
        save_photo(folder / name, seed=seed)
    return folder


def apply(parser: FaceParser, photos: Path, out: Path, size: int = 24) -> list[str]:
    skipped = apply_parser(parser, find_photos([photos]), size, out, lambda _done, _all: None)
    return [str(skip) for skip in skipped]


def files(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in paths}


# Which photos


def test_photos_from_folders_and_files(photos: Path, tmp_path: Path) -> None:
    extra = save_photo(tmp_path / "d.png")
    assert find_photos([extra, photos]) == {
        "d": extra, "a": photos / "a.png", "b": photos / "b.jpg", "c": photos / "c.png",
    }  # fmt: skip


def test_one_name_in_two_places(photos: Path, tmp_path: Path) -> None:
    extra = save_photo(tmp_path / "a.tif")
    with pytest.raises(UserError) as caught:
        find_photos([photos, extra])
    assert str(caught.value) == f"{extra}: has the name of {photos / 'a.png'}; rename one of them"


def test_a_path_that_leads_nowhere(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"/nowhere: no such photo or folder$"):
        find_photos([photos, tmp_path / "nowhere"])


# What is checked


@pytest.mark.parametrize("size", [-1, 0, 15, 4097])
def test_a_size_out_of_range(tmp_path: Path, size: int) -> None:
    with pytest.raises(UserError, match=f"^--size {size}: give 16 to 4096$"):
        check(size, tmp_path / "masks")


@pytest.mark.parametrize("size", [16, 4096])
def test_the_ends_of_the_range_and_an_empty_folder_are_good(tmp_path: Path, size: int) -> None:
    check(size, tmp_path)


def test_a_folder_with_something_in_it_is_not_written_to(photos: Path, parser: FaceParser) -> None:
    before = files(photos)
    with pytest.raises(UserError, match=r"/photos: is there already; name another folder with"):
        apply(parser, photos, photos)
    with pytest.raises(UserError, match=r"/a\.png: is there already; name another folder with"):
        apply(parser, photos, photos / "a.png")
    assert files(photos) == before


def test_a_folder_that_cannot_be_made(photos: Path, parser: FaceParser) -> None:
    with pytest.raises(UserError, match=r"^--out .*/a\.png/masks: cannot be made: Not a directory"):
        apply(parser, photos, photos / "a.png" / "masks")


# What is written


def test_every_photo_has_its_map_its_square_and_its_picture(
    photos: Path, parser: FaceParser, tmp_path: Path
) -> None:
    out = tmp_path / "far" / "masks"
    assert apply(parser, photos, out) == []
    assert files(out) == {"labels.json", "overview.png"} | {
        path for name in "abc"
        for path in (f"labels/{name}.png", f"images/{name}.png", f"overlays/{name}.jpg")
    }  # fmt: skip


def test_the_maps_are_the_parser_s_of_the_middle_squares(
    photos: Path, parser: FaceParser, tmp_path: Path
) -> None:
    out = tmp_path / "masks"
    apply(parser, photos, out)
    seen: set[int] = set()
    for name, path in find_photos([photos]).items():
        photo = open_photo(path)
        assert isinstance(photo, Image.Image)
        with Image.open(out / "labels" / f"{name}.png") as image:
            ids = torch.from_numpy(np.array(image))
        assert ids.equal(parser.classes(to_square(photo, 16)[None], 24)[0])
        with Image.open(out / "images" / f"{name}.png") as image:
            square = torch.from_numpy(np.array(image)).permute(2, 0, 1)
        assert square.equal(to_square(photo, 24))
        seen |= set(ids.unique().tolist())
    assert len(seen) > 3


def test_the_folder_is_one_that_parsers_are_trained_on(
    photos: Path, parser: FaceParser, tmp_path: Path
) -> None:
    out = tmp_path / "masks"
    apply(parser, photos, out)
    names = json.loads((out / "labels.json").read_text(encoding="utf-8"))
    assert names == {str(label): name for label, name in enumerate(CLASSES)}
    layout = layout_of(out)
    items = list(layout.items())
    assert [item.name for item in items] == ["a", "b", "c"]
    for item in items:
        opened = open_item(layout, item)
        with Image.open(out / "labels" / f"{item.name}.png") as image:
            assert np.array_equal(opened.labels, np.array(image))


def test_what_cannot_be_read_is_skipped_and_named(
    photos: Path, parser: FaceParser, tmp_path: Path
) -> None:
    (photos / "b.jpg").write_text("text")
    told: list[tuple[int, int]] = []
    skipped = apply_parser(
        parser, find_photos([photos]), 16, tmp_path / "masks", lambda *word: told.append(word)
    )
    assert [str(skip).partition(" (")[0] for skip in skipped] == [
        f"{photos}/b.jpg: is no readable image"
    ]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert {path.name for path in (tmp_path / "masks" / "labels").iterdir()} == {"a.png", "c.png"}


def test_where_nothing_can_be_read_nothing_is_written(parser: FaceParser, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_text("text")
    with pytest.raises(UserError, match=r"^none of 2 photos can be read; .*/b\.png: is no readab"):
        apply(parser, tmp_path, tmp_path / "masks")
    assert files(tmp_path) == {"a.png", "b.png"}
    assert not (tmp_path / "masks").exists()


def test_the_overview_shows_no_more_than_24(parser: FaceParser, tmp_path: Path) -> None:
    for number in range(26):
        save_photo(tmp_path / "photos" / f"{number:02}.png", seed=number)
    apply(parser, tmp_path / "photos", tmp_path / "masks", size=16)
    assert len(list((tmp_path / "masks" / "labels").iterdir())) == 26
    with Image.open(tmp_path / "masks" / "overview.png") as image:
        assert image.size == (12 + 4 * 332 + 110 + 12, 12 + 6 * 192)
