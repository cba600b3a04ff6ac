"""A network as a Core ML package that takes an image."""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partialmethod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from paretint.compat import extension_path
from paretint.errors import UserError
from paretint.export.signature import INPUT, STUDENT, Signature
from paretint.export.tracing import frozen, quiet_log, quiet_trace

# What coremltools says of parts that only a Mac has, of torches it has not met, and of shapes
# that it keeps as 32-bit integers.
LOG = (
    "coremltools",
    "Failed to load _ML",
    "has not been tested with coremltools",
    "Saving value type of int64 into a builtin type of int32",
)


class _Image(nn.Module):
    """`network` for Core ML, whose image output holds 0 to 255 and has no scale of its own."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, photo: Tensor) -> Tensor:
        made_up: Tensor = self.network(photo)
        return made_up * 255


def coreml_available() -> str | None:
    """None where Core ML packages can be written, else the reason in one line.

    Nothing is imported for it: that takes seconds, and a sweep asks before it starts.
    """
    if importlib.util.find_spec("coremltools") is None:
        return "coremltools cannot be imported; pip install 'coremltools>=9.0'"
    if extension_path("coremltools", "libmilstoragepython") is None:
        return "coremltools has no build for this Python; use 3.11 to 3.13"
    return None


def load_coremltools() -> None:
    """Import coremltools, without what it says on the way of a machine that is no Mac."""
    with quiet_log(*LOG):
        importlib.import_module("coremltools")


def export_coreml(
    network: nn.Module,
    size: int,
    path: Path,
    recipe: Mapping[str, object] | None = None,
    signature: Signature = STUDENT,
    precision: str = "fp16",
) -> Path:
    """Write `network` to the folder `path` (`.mlpackage`) as an ML program, and return the path.

    The input is an RGB image of `size` x `size`; the output what the signature says, an image or a
    float32 array. precision: `fp16`, as the Neural Engine computes; `fp32`, which leaves it; or
    `int8`, half floats whose weights are one of 256 values a layer. From iOS 16, macOS 13.
    An existing `path` is replaced. Raises `UserError` where `coreml_available` gives a reason,
    `ValueError` where `path` has another suffix.
    """
    if path.suffix != ".mlpackage":
        raise ValueError(f"{path}: a Core ML package is named .mlpackage")
    reason = coreml_available()
    if reason:
        raise UserError(f"{path.name}: {reason}")
    with quiet_trace():
        program = _program(network, size, signature)
    with tempfile.TemporaryDirectory() as scratch:
        with quiet_log(*LOG), _quiet_conversion():
            model = _convert(program, size, Path(scratch, path.name), signature, precision)
            if precision == "int8":
                model = _palettised(model)
        _describe(model, signature, recipe)
        model.save(str(path))
    # Maps operators to their ExecuTorch origin: nothing that a phone reads, a third of the bytes.
    (path / "executorch_debug_handle_mapping.json").unlink(missing_ok=True)
    return path


def _program(network: nn.Module, size: int, signature: Signature) -> torch.export.ExportedProgram:
    core = frozen(network)
    traced = _Image(core).eval() if signature.gives == "image" else core
    program = torch.export.export(traced, (torch.zeros(1, 3, size, size),))
    lowered: torch.export.ExportedProgram = program.run_decompositions({})
    return lowered


def _convert(
    program: torch.export.ExportedProgram,
    size: int,
    scratch: Path,
    signature: Signature,
    precision: str,
) -> Any:
    coremltools = importlib.import_module("coremltools")
    rgb = coremltools.colorlayout.RGB
    photo = coremltools.ImageType(INPUT, (1, 3, size, size), scale=1 / 255, color_layout=rgb)
    outputs = {
        "image": coremltools.ImageType(signature.output, color_layout=rgb),
        "array": coremltools.TensorType(signature.output, dtype=np.float32),
    }
    return coremltools.convert(
        program,
        convert_to="mlprogram",
        inputs=[photo],
        outputs=[outputs[signature.gives]],
        compute_precision=coremltools.precision["FLOAT32" if precision == "fp32" else "FLOAT16"],
        minimum_deployment_target=coremltools.target.iOS16,
        package_dir=str(scratch),
        skip_model_load=True,
    )


def _describe(model: Any, signature: Signature, recipe: Mapping[str, object] | None) -> None:
    """Tell what a model is where Xcode shows it, and all of it in the metadata."""
    told = signature.metadata(recipe, as_images=True)
    (taken, takes), (given, gives) = signature.ends(as_images=True).items()
    model.short_description = signature.purpose
    model.input_description[taken] = takes
    model.output_description[given] = gives
    model.version = told["paretint"]
    model.license = told.get("licence", "")
    model.user_defined_metadata.update(told)


def _palettised(model: Any) -> Any:
    optimize = importlib.import_module("coremltools.optimize.coreml")
    # Evenly spaced values: those of k-means need scikit-learn. Layers of fewer weights than
    # there are values stay as they are.
    each = optimize.OpPalettizerConfig(mode="uniform", nbits=8, weight_threshold=256)
    return optimize.palettize_weights(model, optimize.OptimizationConfig(global_config=each))


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
