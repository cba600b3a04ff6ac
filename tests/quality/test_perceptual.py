from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import NoReturn

import pytest
import torch

from paretint.faces import to_bytes, to_float
from paretint.quality import lpips_distance, lpips_missing, perceptual_loss
from paretint.quality.perceptual import _URL

TORCH_HOME = Path(__file__).parents[3] / "shared" / "data" / "torch_home"


def test_the_backbone_is_the_one_that_lpips_loads() -> None:
    from torchvision.models import SqueezeNet1_1_Weights

    assert SqueezeNet1_1_Weights.IMAGENET1K_V1.url == _URL


@pytest.fixture
def backbone(monkeypatch: pytest.MonkeyPatch) -> None:
    if not TORCH_HOME.is_dir():
        pytest.skip(f"needs SqueezeNet's weights in {TORCH_HOME}")
    monkeypatch.setenv("TORCH_HOME", str(TORCH_HOME))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("backbone")
def test_lpips_of_the_reference_call() -> None:
    """The reference is of photos in [-1, 1]; fed [0, 1], lpips says another number and no word."""
    torch.manual_seed(42)
    one, other = (to_bytes(torch.rand(10, 3, 100, 100)) for _ in range(2))
    distance = lpips_distance(one, other)
    assert distance.shape == (10,)
    assert distance.mean() == pytest.approx(0.1005, abs=1e-4)


@pytest.mark.usefixtures("backbone", "offline")
def test_lpips_is_there_without_a_network() -> None:
    assert lpips_missing() is None


@pytest.mark.usefixtures("backbone")
def test_lpips_of_equal_photos_is_zero_and_grows_with_noise() -> None:
    torch.manual_seed(0)
    photos, noise = torch.rand(3, 3, 32, 32), torch.randn(3, 3, 32, 32)
    distances = [
        lpips_distance(to_bytes(photos + noise * sigma), to_bytes(photos))
        for sigma in (0.0, 0.05, 0.2)
    ]
    assert (distances[0] == 0).all()
    assert (distances[0] < distances[1]).all()
    assert (distances[1] < distances[2]).all()


@pytest.mark.usefixtures("backbone")
def test_lpips_of_many_photos_is_that_of_each() -> None:
    torch.manual_seed(0)
    one, other = (to_bytes(torch.rand(35, 3, 32, 32)) for _ in range(2))
    together = lpips_distance(one, other)
    assert together.shape == (35,)
    assert together[33] == pytest.approx(lpips_distance(one[33:34], other[33:34])[0], abs=1e-6)


@pytest.mark.usefixtures("backbone")
def test_what_is_learned_from_is_what_is_scored() -> None:
    torch.manual_seed(0)
    one, other = (to_bytes(torch.rand(2, 3, 32, 32)) for _ in range(2))
    scored = lpips_distance(one, other).mean()  # in inference mode, and before the loss
    made_up = to_float(one).requires_grad_()
    loss = perceptual_loss(made_up, to_float(other))
    assert loss.item() == pytest.approx(scored, rel=1e-5)
    loss.backward()
    assert made_up.grad is not None
    assert made_up.grad.abs().sum() > 0


@pytest.mark.usefixtures("offline")
def test_an_absent_backbone_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    reason = lpips_missing()
    assert reason == (
        f"its backbone {tmp_path}/hub/checkpoints/squeezenet1_1-b8a52dc0.pth is absent and cannot"
        " be fetched (Network is unreachable); set TORCH_HOME to a folder that has it"
    )
    assert os.listdir(tmp_path) == []
