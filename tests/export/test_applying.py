from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from paretint import UserError
from paretint.export import OnnxModel, apply_all, apply_to, export_onnx, make_up
from paretint.faces import to_bytes, to_float
from paretint.faces.photos import Skip
from paretint.student import TinyBeauty, made_up_at


class Blush(nn.Module):
    """Adds a fifth to the red of the left half, and nothing elsewhere."""

    def forward(self, photo: Tensor) -> Tensor:
        left = torch.zeros(1, 3, *photo.shape[2:])
        left[:, 0, :, : photo.shape[3] // 2] = 0.2
        return torch.clamp(photo + left, 0, 1)


@pytest.fixture(scope="module")
def blush(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_onnx(Blush(), 16, tmp_path_factory.mktemp("blush") / "model.onnx")


def photo_of(width: int, height: int, seed: int = 0) -> Image.Image:
    """A photo of noise that leaves room for makeup."""
    pixels = np.random.default_rng(seed).integers(0, 150, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def size_of(path: Path | Skip) -> tuple[int, int]:
    assert isinstance(path, Path)
    with Image.open(path) as image:
        return image.size


def test_photos_of_the_models_size_are_what_the_network_gives(
    exported: Path, network: TinyBeauty, photos: NDArray[np.uint8]
) -> None:
    with torch.inference_mode():
        expected = network(torch.from_numpy(photos) / 255) * 255
    made_up = make_up(OnnxModel(exported), photos)
    assert made_up.dtype == np.uint8
    assert made_up.shape == photos.shape
    assert np.abs(made_up - expected.numpy()).max() < 0.51
    assert np.abs(made_up.astype(int) - photos).max() > 20


def test_no_photos_are_none(exported: Path) -> None:
    none = np.empty((0, 3, 16, 16), np.uint8)
    assert make_up(OnnxModel(exported), none).shape == (0, 3, 16, 16)


@pytest.mark.parametrize("size", [(16, 16), (40, 24)])
def test_a_file_and_its_network_go_the_same_way(
    exported: Path, network: TinyBeauty, size: tuple[int, int]
) -> None:
    photo = torch.from_numpy(np.array(photo_of(*size))).permute(2, 0, 1)[None]
    with torch.inference_mode():
        expected = to_bytes(made_up_at((16, 16), network, to_float(photo)))
    made_up = make_up(OnnxModel(exported), photo.numpy()).astype(int)
    assert np.abs(made_up - expected.numpy()).max() <= 1
    assert (made_up == expected.numpy()).mean() > 0.99


@pytest.mark.parametrize("size", [(16, 16), (100, 60), (7, 33)])
def test_the_makeup_is_resized_and_every_detail_of_the_photo_stays(
    blush: Path, size: tuple[int, int]
) -> None:
    photo = photo_of(*size)
    added = np.asarray(apply_to(OnnxModel(blush), photo)).astype(int) - np.asarray(photo)
    assert added.shape == (size[1], size[0], 3)
    quarter = size[0] // 4
    assert (added[:, :quarter, 0] == 51).all()
    assert (added[:, -quarter:] == 0).all()
    assert (added[..., 1:] == 0).all()


def test_photos_are_written_by_their_names_and_what_is_no_photo_is_told(
    blush: Path, tmp_path: Path
) -> None:
    photo_of(20, 30).save(tmp_path / "ada.jpg")
    photo_of(16, 16).convert("L").save(tmp_path / "grey.png")
    (tmp_path / "broken.png").write_bytes(b"none")
    names = ["ada.jpg", "broken.png", "grey.png"]
    ada, broken, grey = apply_all(blush, [tmp_path / name for name in names], tmp_path / "out")
    assert (ada, grey) == (tmp_path / "out" / "ada.png", tmp_path / "out" / "grey.png")
    assert isinstance(broken, Skip)
    assert broken.path == tmp_path / "broken.png"
    assert size_of(ada) == (20, 30)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["ada.png", "grey.png"]


def test_a_photo_on_its_side_is_made_up_upright(blush: Path, tmp_path: Path) -> None:
    photo = photo_of(20, 30)
    exif = photo.getexif()
    exif[0x0112] = 6
    photo.save(tmp_path / "side.png", exif=exif)
    (made,) = apply_all(blush, [tmp_path / "side.png"], tmp_path / "out")
    assert size_of(made) == (30, 20)


def test_two_photos_of_one_name(blush: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        list(apply_all(blush, [Path("a/x.jpg"), Path("b/x.png")], tmp_path))
    assert str(raised.value) == (
        f"b/x.png: a/x.jpg would be {tmp_path / 'x.png'} too; rename one of them"
    )


def test_a_photo_is_never_overwritten(blush: Path, tmp_path: Path) -> None:
    photo_of(16, 16).save(tmp_path / "x.png")
    before = (tmp_path / "x.png").read_bytes()
    with pytest.raises(UserError, match="would be overwritten; give another folder with --out"):
        list(apply_all(blush, [tmp_path / "x.png"], tmp_path))
    assert (tmp_path / "x.png").read_bytes() == before


def test_a_model_that_makes_nothing_up(tmp_path: Path) -> None:
    model = export_onnx(nn.AvgPool2d(2), 16, tmp_path / "pool.onnx")
    with pytest.raises(UserError, match="and no made-up photo; give the model") as raised:
        list(apply_all(model, [tmp_path / "x.png"], tmp_path / "out"))
    assert "gives [1, 3, 8, 8] for a photo [1, 3, 16, 16]" in str(raised.value)
    assert not (tmp_path / "out").exists()
