from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from paretint import UserError
from paretint.export import sizes
from paretint.student import Release, TinyBeauty, load_release

DATA = Path(__file__).parents[3] / "shared" / "data"
RELEASED = DATA / "tinybeauty_release"


Publish = Callable[[Path, Release], Path]


def save(path: Path, weights: dict[str, torch.Tensor]) -> Path:
    torch.save({"cleaner": weights}, path)
    return path


def test_sizes_are_the_published() -> None:
    assert sizes(Release(), 256) == (85_227, 1_481_637_888)


def test_untrained_leaves_the_photo_nearly_as_it_is() -> None:
    photo = torch.rand(1, 3, 16, 16)
    torch.testing.assert_close(Release()(photo), photo, atol=0.02, rtol=0)


def test_the_norms_over_a_sample_are_centred_and_scaled_by_channel() -> None:
    network = Release()
    norm = network.up1.norm
    torch.nn.init.constant_(norm.gamma, 3)
    torch.nn.init.constant_(norm.beta, 1)
    x = torch.rand(2, 24, 4, 4) * 7 + 5
    made = norm(x)
    torch.testing.assert_close(made.mean((1, 2, 3)), torch.ones(2), rtol=1e-4, atol=0)
    torch.testing.assert_close(made.std((1, 2, 3)), torch.full((2,), 3.0), rtol=1e-4, atol=0)


def test_a_checkpoint_is_read(publish: Publish, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Release().eval()
    loaded = load_release(publish(tmp_path / "style.pt", network))
    photo = torch.rand(1, 3, 16, 16)
    assert loaded(photo).equal(network(photo))
    assert not loaded.training


@pytest.mark.skipif(
    not RELEASED.is_dir(), reason=f"the published checkpoints are not at {RELEASED}"
)
@pytest.mark.parametrize("style", ["style1", "style2"])
def test_published_checkpoints_make_up_as_published(style: str) -> None:
    network = load_release(RELEASED / f"{style}.pt")
    folder = DATA / "makeup_pairs_256"
    for photo in sorted((folder / "before").iterdir())[:5]:
        before, after = (np.asarray(Image.open(folder / kind / photo.name).convert("RGB"))
                         for kind in ("before", style))  # fmt: skip
        given = torch.from_numpy(before.copy()).permute(2, 0, 1)[None] / 255
        with torch.inference_mode():
            made = network(given)[0].permute(1, 2, 0).numpy() * 255
        assert np.abs(np.rint(made) - after).max() <= 1


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (TinyBeauty(24, 4, 7).state_dict(), "'out.bias' is [3], and absent"),
        ({}, "'body.0.first.conv.bias' is absent, and [24]"),
    ],
)
def test_a_checkpoint_of_another_network(
    tmp_path: Path, weights: dict[str, torch.Tensor], said: str
) -> None:
    path = save(tmp_path / "other.pt", weights)
    with pytest.raises(UserError) as raised:
        load_release(path)
    assert str(raised.value) == (
        f"{path}: the checkpoint of another network; {said} in the published one"
    )


def test_a_checkpoint_of_another_width(publish: Publish, tmp_path: Path) -> None:
    weights = torch.load(publish(tmp_path / "style.pt", Release()))["cleaner"]
    weights["out.conv.weight"] = torch.zeros(3, 8, 3, 3)
    with pytest.raises(UserError) as raised:
        load_release(save(tmp_path / "other.pt", weights))
    assert str(raised.value).endswith(
        "'out.conv.weight' is [3, 8, 3, 3], and [3, 24, 3, 3] in the published one"
    )


@pytest.mark.parametrize("content", [[1, 2], {"a": 1}, {"cleaner": 3}, Path("x")])
def test_no_published_checkpoint(tmp_path: Path, content: object) -> None:
    path = tmp_path / "style.pt"
    torch.save(content, path)
    with pytest.raises(UserError, match="no published TinyBeauty checkpoint") as raised:
        load_release(path)
    assert "\n" not in str(raised.value)


def test_no_zip_file(tmp_path: Path) -> None:
    path = tmp_path / "style.pt"
    path.write_bytes(b"text")
    with pytest.raises(UserError, match=r"no checkpoint, which torch\.save writes as a zip file"):
        load_release(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no checkpoint here"):
        load_release(tmp_path / "absent.pt")
