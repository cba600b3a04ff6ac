from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from paretint.errors import UserError
from paretint.export import CoremlModel, coreml_available, coreml_unscored, export_coreml, make_up
from paretint.student import TinyBeauty

pytestmark = pytest.mark.skipif(
    coreml_available() is not None, reason="Core ML packages cannot be written here"
)


@pytest.fixture(scope="module")
def package(network: TinyBeauty, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_coreml(network, 16, tmp_path_factory.mktemp("coreml") / "model.mlpackage")


@pytest.mark.skipif(sys.platform == "darwin", reason="here is Core ML")
def test_elsewhere_nothing_is_guessed(package: Path) -> None:
    assert coreml_unscored() == "Core ML runs on macOS alone"
    with pytest.raises(UserError) as told:
        CoremlModel(package)
    assert str(told.value) == f"{package}: Core ML runs on macOS alone"


@pytest.mark.skipif(sys.platform != "darwin", reason="Core ML runs on macOS alone")
def test_a_package_does_what_its_network_does(
    package: Path, network: TinyBeauty, photos: NDArray[np.uint8]
) -> None:
    with torch.inference_mode():
        expected = network(torch.from_numpy(photos) / 255).numpy() * 255
    assert np.abs(make_up(CoremlModel(package), photos) - expected).max() <= 2


def test_images_go_in_and_come_out_upright_and_in_levels(
    package: Path, photos: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but Apple's own runtime, in the place of which colours are inverted."""
    from coremltools.models import MLModel

    def inverted(_: MLModel, given: dict[str, Image.Image]) -> dict[str, Any]:
        (photo,) = given.values()
        return {"made_up": Image.fromarray(255 - np.asarray(photo)).convert("RGBA")}

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(MLModel, "predict", inverted)
    model = CoremlModel(package)
    assert model.shape == (1, 3, 16, 16)
    assert (make_up(model, photos) == 255 - photos).all()
