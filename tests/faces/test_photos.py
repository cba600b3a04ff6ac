from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from paretint import UserError
from paretint.faces import Pairs
from paretint.faces.photos import Skip, list_photos, open_photo, to_square

Save = Callable[..., Path]


def png(size: tuple[int, int] = (40, 40)) -> bytes:
    """A photo that does not compress, so that most of its bytes are pixels."""
    pixels = np.random.default_rng(0).integers(256, size=(*size, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def test_photos_are_listed_by_name_and_other_files_are_not(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpeg", "c.d.webp", "notes.txt", "manifest.csv", ".DS_Store"):
        (tmp_path / name).touch()
    assert [(name, path.name) for name, path in list_photos(tmp_path).items()] == [
        ("a", "a.jpeg"), ("b", "b.PNG"), ("c.d", "c.d.webp"),
    ]  # fmt: skip


def test_one_name_twice(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.png"):
        (tmp_path / name).touch()
    with pytest.raises(UserError, match=r"/a\.png: has the name of a\.jpg; rename one of them$"):
        list_photos(tmp_path)


def test_a_file_in_a_folder_s_place(tmp_path: Path) -> None:
    (tmp_path / "before").touch()
    with pytest.raises(UserError, match=r"/before: is no folder; give one that holds photos$"):
        list_photos(tmp_path / "before")


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_every_eight_bit_photo_comes_as_rgb(tmp_path: Path, mode: str) -> None:
    Image.new("RGB", (4, 2), (255, 255, 255)).convert(mode).save(tmp_path / "a.tif")
    photo = open_photo(tmp_path / "a.tif")
    assert isinstance(photo, Image.Image)
    assert (photo.mode, photo.size, photo.getpixel((3, 1))) == ("RGB", (4, 2), (255, 255, 255))


def test_a_photo_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6  # the camera lay on its side
    Image.new("RGB", (40, 20)).save(tmp_path / "a.jpg", exif=exif)
    photo = open_photo(tmp_path / "a.jpg")
    assert isinstance(photo, Image.Image)
    assert photo.size == (20, 40)


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_more_than_eight_bits_are_not_cut_off_but_skipped(
    tmp_path: Path, dtype: type[np.generic]
) -> None:
    Image.fromarray(np.full((4, 4), 1000, dtype)).save(tmp_path / "a.tif")
    skip = open_photo(tmp_path / "a.tif")
    assert str(skip) == f"{tmp_path}/a.tif: has more than 8 bits a channel; save it with 8"


def broken(cut: bytes) -> bytes:
    """Let the pixels' chunk end early, so that what follows is taken for a chunk of no name."""
    start = cut.index(b"IDAT") - 4
    length = int.from_bytes(cut[start : start + 4], "big")
    return cut[:start] + (length // 2).to_bytes(4, "big") + cut[start + 4 :]


@pytest.mark.parametrize(
    "data", [b"", b"text", png()[:30], png()[:-200], broken(png())],
    ids=["empty", "text", "header only", "cut short", "broken"],
)  # fmt: skip
def test_an_unreadable_photo_is_skipped_in_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    skip = open_photo(tmp_path / "a.png")
    assert isinstance(skip, Skip)
    assert str(skip).startswith(f"{tmp_path}/a.png: is no readable image (")
    assert "\n" not in str(skip)


def test_a_folder_named_like_a_photo_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    [path] = list_photos(tmp_path).values()
    assert isinstance(open_photo(path), Skip)


@given(st.binary(max_size=12), st.integers(0, 400), st.integers(0, 6000))
def test_no_damage_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, patch: bytes, at: int, length: int
) -> None:
    whole = png()
    path = tmp_path_factory.getbasetemp() / "damaged.png"
    path.write_bytes((whole[:at] + patch + whole[at + len(patch) :])[: max(length, at)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of sizes that a damaged header claims
        assert isinstance(open_photo(path), Skip | Image.Image)


@pytest.mark.parametrize(("size", "first"), [((64, 32), (16, 0)), ((32, 48), (0, 8))])
def test_the_middle_square_is_taken(size: tuple[int, int], first: tuple[int, int]) -> None:
    width, height = size
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    image = Image.fromarray(np.stack([x, y, x + y], axis=2).astype(np.uint8))
    square = to_square(image, 32)
    assert square.shape == (3, 32, 32)
    assert square[:, 0, 0].tolist() == [*first, sum(first)]
    assert square[:, -1, -1].tolist() == [first[0] + 31, first[1] + 31, sum(first) + 62]


def test_a_photo_of_the_right_size_is_kept_to_the_bit(people: Pairs, save: Save) -> None:
    photo = open_photo(save(people.before[0], "a.png"))
    assert isinstance(photo, Image.Image)
    assert to_square(photo, 32).equal(people.before[0])


def test_a_smaller_photo_is_enlarged() -> None:
    square = to_square(Image.new("RGB", (8, 8), (1, 2, 3)), 32)
    assert square.equal(torch.tensor([1, 2, 3], dtype=torch.uint8)[:, None, None].expand(3, 32, 32))
