"""A network as a Core ML package that takes and gives an image."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partialmethod
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from paretint.errors import UserError
from paretint.export.metadata import metadata
from paretint.export.onnx_file import INPUT, OUTPUT
from paretint.export.tracing import frozen, quiet_trace

_HARMLESS = ("Failed to load _ML", "has not been tested with coremltools")


class _Image(nn.Module):
    """`network` for Core ML, whose image output holds 0 to 255 and has no scale of its own."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, photo: Tensor) -> Tensor:
        made_up: Tensor = self.network(photo)
        return made_up * 255


def coreml_available() -> str | None:
    """None where Core ML packages can be written, else the reason in one line."""
    with _quiet_log():
        try:
            importlib.import_module("coremltools")
        except ImportError:
            return "coremltools cannot be imported; pip install 'coremltools>=9.0'"
    if importlib.util.find_spec("coremltools.libmilstoragepython") is None:
        return "coremltools has no build for this Python; use 3.11 to 3.13"
    return None


def export_coreml(
    network: nn.Module, size: int, path: Path, recipe: Mapping[str, object] | None = None
) -> Path:
    """Write `network` to the folder `path` (`.mlpackage`) as an ML program, and return the path.

    RGB images of `size` x `size` in and out, float16 inside, as the Neural Engine computes; from
    iOS 16 and macOS 13. An existing `path` is replaced. Raises `UserError` where
    `coreml_available` gives a reason, `ValueError` where `path` has another suffix.
    """
    if path.suffix != ".mlpackage":
        raise ValueError(f"{path}: a Core ML package is named .mlpackage")
    reason = coreml_available()
    if reason:
        raise UserError(f"{path.name}: {reason}")
    with quiet_trace():
        program = _program(network, size)
    with tempfile.TemporaryDirectory() as scratch:
        with _quiet_log(), _quiet_conversion():
            model = _convert(program, size, Path(scratch, path.name))
        model.short_description = "Adds makeup to an aligned photo of a face."
        model.user_defined_metadata.update(metadata(recipe))
        model.save(str(path))
    # Maps operators to their ExecuTorch origin: nothing that a phone reads, a third of the bytes.
    (path / "executorch_debug_handle_mapping.json").unlink(missing_ok=True)
    return path


def _program(network: nn.Module, size: int) -> torch.export.ExportedProgram:
    example = (torch.zeros(1, 3, size, size),)
    program = torch.export.export(_Image(frozen(network)).eval(), example)
    core: torch.export.ExportedProgram = program.run_decompositions({})
    return core


def _convert(program: torch.export.ExportedProgram, size: int, scratch: Path) -> Any:
    coremltools = importlib.import_module("coremltools")
    rgb = coremltools.colorlayout.RGB
    shape = (1, 3, size, size)
    return coremltools.convert(
        program,
        convert_to="mlprogram",
        inputs=[coremltools.ImageType(INPUT, shape, scale=1 / 255, color_layout=rgb)],
        outputs=[coremltools.ImageType(OUTPUT, color_layout=rgb)],
        compute_precision=coremltools.precision.FLOAT16,
        minimum_deployment_target=coremltools.target.iOS16,
        package_dir=str(scratch),
        skip_model_load=True,
    )


@contextmanager
def _quiet_log() -> Iterator[None]:
    """Without what coremltools says of parts that only a Mac has, and of torches it has not met."""
    logger = logging.getLogger("coremltools")
    logger.addFilter(_is_news)
    try:
        yield
    finally:
        logger.removeFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not any(text in record.getMessage() for text in _HARMLESS)


@contextmanager
def _quiet_conversion() -> Iterator[None]:
    """Without coremltools' progress bars, which have no switch, and warnings about its own code."""
    bar = importlib.import_module("tqdm").tqdm
    original = bar.__init__
    bar.__init__ = partialmethod(original, disable=True)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Function _TORCH_OPS_REGISTRY")
            warnings.filterwarnings("ignore", "Implicitly cleaning up", ResourceWarning)
            yield
    finally:
        bar.__init__ = original
