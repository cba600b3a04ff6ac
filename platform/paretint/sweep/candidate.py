"""The stages of one candidate's life: speed first, data, training, files, scores."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from paretint.amplify import AmplifyJob, amplify, read_amplified, rejected_share
from paretint.config import Experiment, Recipe
from paretint.config.source import dump
from paretint.device import measure
from paretint.export import (
    bytes_on_disk,
    check_parity,
    export_coreml,
    export_onnx,
    make_up,
    sizes,
)
from paretint.faces import FaceData, Pairs, open_faces, to_bytes, to_float
from paretint.quality import score
from paretint.store import Store, key
from paretint.student import Schedule, Student, Training, build_student, fold_norms

Row = dict[str, Any]
Tell = Callable[[str, int, int], None]

PARITY_PHOTOS = 4
_ARCHITECTURE = 2
_BATCH = 64
_CALIBRATION = 64


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


def network_of(recipe: Recipe, seed: int) -> Student:
    """Return the recipe's untrained student; the same seed gives the same weights."""
    torch.manual_seed(seed)
    return build_student(recipe.architecture)


def speed_first(bench: Bench, recipe: Recipe) -> Row:
    """Return `size.*` and `speed.*` of the untrained network: they do not depend on weights."""
    size = bench.experiment.faces.size
    network = fold_norms(network_of(recipe, bench.experiment.seed).eval())
    known = sizes(network, size)
    facts = {**recipe.architecture, "precision": recipe.precision, "size": size}
    architecture = key("architecture", _ARCHITECTURE, **facts)

    def make(folder: Path) -> None:
        photos = _calibration(bench, recipe)
        export_onnx(
            network, size, folder / "model.onnx", precision=recipe.precision, calibration=photos
        )

    model = bench.store.build("architecture", architecture, make) / "model.onnx"
    row: Row = {"size.params": known.params, "size.macs": known.macs}
    return row | {"size.onnx_bytes": bytes_on_disk(model)} | _speeds(bench, model)


def amplified_pairs(bench: Bench, recipe: Recipe, tell: Tell) -> tuple[Pairs | None, Row]:
    """Return the recipe's amplified pairs, None where it wants none, and what they cost."""
    if recipe.amplified == 0:
        return None, {"cost.amplify_s": 0.0}
    start = time.monotonic()
    job = amplify_job(bench, recipe)
    folder = amplify(job, recipe.amplified, bench.workers, tell)
    wanted = folder, recipe.amplified, job.settings.part
    amplified = read_amplified(*wanted)
    cost = {
        "amplify.rejected": rejected_share(*wanted),
        "cost.amplify_s": time.monotonic() - start,
        "amplifier_key": job.amplifier_key,
        "amplified_key": job.amplified_key,
    }
    return amplified, cost


def amplify_job(bench: Bench, recipe: Recipe) -> AmplifyJob:
    """Return the amplification that a recipe asks for."""
    settings = bench.experiment.amplifier_of(recipe)
    return AmplifyJob(bench.store, bench.faces, recipe.pairs, settings, bench.experiment.seed)


def training(bench: Bench, recipe: Recipe, amplified: Pairs | None) -> Training:
    """Return the student's training, at step 0."""
    student = bench.experiment.student
    schedule = Schedule(student.steps, student.batch, recipe.learning_rate)
    seed = bench.experiment.seed
    source = open_faces(bench.faces).source.first(recipe.pairs)
    return Training(network_of(recipe, seed), source, schedule, seed, amplified)


def rung_score(bench: Bench, network: Student) -> Row:
    """Return `quality.*` of the network as it stands, without LPIPS."""
    heldout = open_faces(bench.faces).heldout
    with torch.inference_mode():
        parts = [to_bytes(network(to_float(part))) for part in heldout.before.split(_BATCH)]
    return dict(score(torch.cat(parts), heldout, with_lpips=False))


def finish(bench: Bench, trial: str, recipe: Recipe, network: Student) -> Row:
    """Write the trial's files, and return the scores of the very file that would ship.

    The folder appears whole or not at all. Raises ParityError where ONNX and PyTorch differ.
    """
    final = bench.run / "models" / trial
    final.parent.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{trial}-", dir=final.parent))
    try:
        row = _write_files(bench, folder, recipe, network)
        row |= _score_files(bench, folder, recipe, network)
        if final.exists():
            shutil.rmtree(final)  # of a run that ended between the files and the ledger
        _open_to_readers(folder)
        folder.rename(final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return row


def _open_to_readers(folder: Path) -> None:
    """Temporary folders, and what libraries write, are their owner's alone; models are shared."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _write_files(bench: Bench, folder: Path, recipe: Recipe, network: Student) -> Row:
    told = recipe.params()
    size = bench.experiment.faces.size
    save_file(network.state_dict(), folder / "weights.safetensors")
    (folder / "recipe.yaml").write_text(dump(told))
    photos = _calibration(bench, recipe)
    model = folder / "model.onnx"
    onnx = export_onnx(network, size, model, told, precision=recipe.precision, calibration=photos)
    row: Row = {"size.onnx_bytes": bytes_on_disk(onnx)}
    if bench.coreml:
        package = export_coreml(
            network, size, folder / "model.mlpackage", told, precision=recipe.coreml_precision
        )
        row["size.coreml_bytes"] = bytes_on_disk(package)
    return row


def _calibration(bench: Bench, recipe: Recipe) -> NDArray[np.uint8]:
    """Return photos that the student learned from, which 8-bit integers are fitted to."""
    data = open_faces(bench.faces)
    amplified = data.unlabelled.photos[: min(recipe.amplified, _CALIBRATION)]
    photos = amplified if len(amplified) else data.source.before[: recipe.pairs]
    calibration: NDArray[np.uint8] = photos.numpy()
    return calibration


def _score_files(bench: Bench, folder: Path, recipe: Recipe, network: Student) -> Row:
    data: FaceData = open_faces(bench.faces)
    before = data.heldout.before.numpy()
    model = folder / "model.onnx"
    check_parity(network, model, before[:PARITY_PHOTOS], recipe.precision)
    made_up = torch.from_numpy(make_up(model, before))
    return dict(score(made_up, data.heldout, bench.lpips)) | _speeds(bench, model)


def _speeds(bench: Bench, model: Path) -> Row:
    """Return `speed.*` on every device; a structure that was timed before is looked up."""
    row: Row = {}
    for index, device in enumerate(bench.experiment.devices):
        row |= measure(model, device, bench.store).columns(primary=index == 0)
    return row
