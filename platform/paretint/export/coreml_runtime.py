"""Running the Core ML package itself, where that can be done."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from paretint.errors import UserError
from paretint.export.coreml import LOG, coreml_available
from paretint.export.signature import INPUT
from paretint.export.tracing import quiet_log


def coreml_unscored() -> str | None:
    """None where Core ML packages can be run, else the reason in one line."""
    if sys.platform != "darwin":
        return "Core ML runs on macOS alone"
    return coreml_available()


class CoremlModel:
    """A student's package in Core ML, which chooses the compute units.

    It takes and gives 8-bit images: what they round off belongs to its quality. `shape` is that of
    the photo, [1, 3, H, W]. Raises `UserError` where `coreml_unscored` gives a reason.
    """

    def __init__(self, package: Path) -> None:
        reason = coreml_unscored()
        if reason is not None:
            raise UserError(f"{package}: {reason}")
        with quiet_log(*LOG):
            self._model = importlib.import_module("coremltools").models.MLModel(str(package))
        described = self._model.get_spec().description
        side, self._output = described.input[0].type.imageType, described.output[0].name
        self.shape = (1, 3, side.height, side.width)

    def __call__(self, photo: NDArray[np.float32]) -> NDArray[np.float32]:
        """The photo made up, float32 of `shape` in [0, 1], as is what it is given."""
        pixels = np.rint(photo[0].transpose(1, 2, 0) * 255).astype(np.uint8)
        given = self._model.predict({INPUT: Image.fromarray(pixels)})[self._output]
        made_up = np.asarray(given.convert("RGB"), np.float32) / np.float32(255)
        return np.ascontiguousarray(made_up.transpose(2, 0, 1)[None])
