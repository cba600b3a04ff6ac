"""A trained network as the files that ship, and the scores of those very files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from paretint.config import Experiment
from paretint.config.base import Scalar
from paretint.config.columns import COREML_QUALITY
from paretint.config.source import dump
from paretint.device import measure, structures
from paretint.export import (
    CoremlModel,
    ImageModel,
    OnnxModel,
    bytes_on_disk,
    check_parity,
    coreml_unscored,
    export_coreml,
    export_onnx,
    make_up,
    student_signature,
)
from paretint.faces import FaceData, Pairs, open_faces, to_bytes, to_float
from paretint.quality import mean_scores, score_faces
from paretint.store import Store, digest, write_heldout
from paretint.student import Student, squeezed
from paretint.sweep.keeping import keep_faces

Row = dict[str, Any]

PARITY_PHOTOS = 4


@dataclass(frozen=True)
class Bench:
    """What every trial of a run shares.

    faces: the prepared faces; workers: handles of the amplifier actors; lpips, coreml: whether
    those optional parts are at hand.
    """

    run: Path
    store: Store
    experiment: Experiment
    faces: Path
    workers: tuple[Any, ...]
    lpips: bool
    coreml: bool

    @property
    def data(self) -> FaceData:
        """The prepared faces, on whichever machine of the store."""
        return open_faces(self.store.here(self.faces))


@dataclass(frozen=True)
class Form:
    """How a network is written.

    told: what its files say of it, a recipe's parameters; size: the side of the photos that it
    takes, in pixels; precision, coreml_precision: of its ONNX
    file and its Core ML package; calibration: photos that 8-bit integers are fitted to, uint8
    [N, 3, size, size], or None where there are no integers.
    """

    told: Mapping[str, Scalar]
    size: int
    precision: str = "fp32"
    coreml_precision: str = "fp16"
    calibration: NDArray[np.uint8] | None = None


def ship(bench: Bench, name: str, form: Form, network: Student, timed: Row | None = None) -> Row:
    """Write a network's files into `models/<name>` of the run, and return their scores.

    `timed`: what `speeds` said of the untrained network. The folder appears whole or not at all.
    Raises ParityError where ONNX and PyTorch differ.
    """
    final = bench.run / "models" / name
    final.parent.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=final.parent))
    try:
        row = _write_files(bench, folder, form, network)
        row |= _score_files(bench, name, folder, form, network, timed or {})
        if final.exists():
            shutil.rmtree(final)  # a process died before its row, or a baseline is imported again
        _open_to_readers(folder)
        folder.rename(final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return row


def speeds(bench: Bench, model: Path, timed: Row | None = None) -> Row:
    """Return `structure.*` of a model's files, and `speed.*` on every device.

    A structure that was timed before is looked up; where it is that of `timed`, its speeds are
    taken from there, or a trial whose phone has gone by its end would be lost.
    """
    row: Row = {f"structure.{form}": told for form, told in structures(model).items()}
    known = {name: told for name, told in (timed or {}).items() if name.startswith("structure.")}
    if known and known.items() <= row.items():
        return row | {n: told for n, told in (timed or {}).items() if n.startswith("speed.")}
    for index, device in enumerate(bench.experiment.devices):
        timing = measure(model, device, bench.store, run=bench.run)
        row |= timing.columns(primary=index == 0)
    return row


def _open_to_readers(folder: Path) -> None:
    """Temporary folders, and what libraries write, are their owner's alone; models are shared."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _write_files(bench: Bench, folder: Path, form: Form, network: Student) -> Row:
    told, size, experiment = form.told, form.size, bench.experiment
    signature = student_signature(experiment.faces.style, experiment.licence)
    save_file(network.state_dict(), folder / "weights.safetensors")
    (folder / "recipe.yaml").write_text(dump(dict(told)))
    onnx = export_onnx(
        network,
        size,
        folder / "model.onnx",
        told,
        signature,
        form.precision,
        form.calibration,
    )
    row: Row = {"size.onnx_bytes": bytes_on_disk(onnx)}
    if bench.coreml:
        package = folder / "model.mlpackage"
        export_coreml(network, size, package, told, signature, form.coreml_precision)
        row["size.coreml_bytes"] = bytes_on_disk(package)
    keep_faces(folder, bench.data.heldout)
    return row


def _score_files(
    bench: Bench, name: str, folder: Path, form: Form, network: Student, timed: Row
) -> Row:
    model, photos = folder / "model.onnx", bench.data.heldout.before
    few = squeezed(to_float(photos[:PARITY_PHOTOS]), (form.size, form.size))
    check_parity(network, model, to_bytes(few).numpy(), form.precision)
    by_face = _score_faces(bench, OnnxModel(model))
    write_heldout(bench.run, name, _tell_apart(bench.data.heldout), by_face)
    row: Row = dict(mean_scores(by_face))
    if bench.coreml and coreml_unscored() is None:
        scores = mean_scores(_score_faces(bench, CoremlModel(folder / "model.mlpackage")))
        row |= {name.replace("quality.", COREML_QUALITY): value for name, value in scores.items()}
    return row | speeds(bench, model, timed)


def _score_faces(bench: Bench, model: ImageModel) -> dict[str, NDArray[np.float64]]:
    heldout = bench.data.heldout
    made_up = torch.from_numpy(make_up(model, heldout.before.numpy()))
    return score_faces(made_up, heldout, bench.lpips)


def _tell_apart(pairs: Pairs) -> list[str]:
    """A digest of each pair: two runs that held out the same photos have the same ones."""
    photos = zip(pairs.before, pairs.after, strict=True)
    return [digest(torch.stack(pair)) for pair in photos]
