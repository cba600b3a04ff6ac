"""The stages of one candidate's life: speed first, data, training, then files and scores."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from paretint.amplify import (
    AmplifyJob,
    Note,
    Work,
    amplify,
    open_amplified,
    rejected_share,
    unnoted,
)
from paretint.config import Recipe
from paretint.config.paths import shareable
from paretint.device import runs_coreml
from paretint.export import bytes_on_disk, export_coreml, export_onnx, gate, sizes
from paretint.faces import Pairs, to_bytes, to_float
from paretint.quality import score
from paretint.store import key
from paretint.student import (
    PROCESSOR,
    Schedule,
    Student,
    Training,
    Weights,
    build_student,
    fold_norms,
    made_up_at,
    squeezed,
)
from paretint.sweep.shipping import Bench, Form, Row, ship, speeds

Tell = Callable[[str, int, int], None]

_ARCHITECTURE = 3
_BATCH = 64
_CALIBRATION = 64


def network_of(recipe: Recipe, seed: int) -> Student:
    """Return the recipe's untrained student; the same seed gives the same weights."""
    torch.manual_seed(seed)
    return build_student(recipe.architecture)


def speed_first(bench: Bench, recipe: Recipe) -> Row:
    """Return `size.*`, `gate.*` and `speed.*` of the untrained network.

    They do not depend on weights.
    """
    size = recipe.input_size
    network = fold_norms(network_of(recipe, bench.experiment.seed).eval())
    known = sizes(network, size)
    facts = {**recipe.architecture, "precision": recipe.precision, "size": size}
    package = bench.coreml and any(map(runs_coreml, bench.experiment.devices))
    if package:
        facts["coreml_precision"] = recipe.coreml_precision
    architecture = key("architecture", _ARCHITECTURE, **facts)

    def make(folder: Path) -> None:
        photos = _calibration(bench, recipe)
        export_onnx(
            network, size, folder / "model.onnx", precision=recipe.precision, calibration=photos
        )
        if package:
            precision = recipe.coreml_precision
            export_coreml(network, size, folder / "model.mlpackage", precision=precision)

    model = bench.store.build("architecture", architecture, make) / "model.onnx"
    row: Row = {"size.params": known.params, "size.macs": known.macs}
    row |= {"size.onnx_bytes": bytes_on_disk(model)} | gate(model).columns()
    return row | speeds(bench, model)


def amplified_pairs(
    bench: Bench, recipe: Recipe, tell: Tell, note: Note = unnoted
) -> tuple[Pairs | None, Row]:
    """Return the recipe's amplified pairs, None where it wants none, and what they cost."""
    if recipe.amplified == 0:
        return None, {"cost.amplify_s": 0.0, "cost.gpu_s": 0.0}
    start, gpu_s = time.monotonic(), 0.0

    def count(work: Work) -> None:
        nonlocal gpu_s
        gpu_s += work.gpus * (work.ended - work.began)
        note(work)

    job = amplify_job(bench, recipe)
    folder = amplify(job, recipe.amplified, bench.workers, tell, count)
    amplified = open_amplified(job, recipe.amplified)
    seconds = time.monotonic() - start
    cost = {
        "amplify.rejected": rejected_share(folder, recipe.amplified, job.settings.part),
        "cost.amplify_s": seconds,
        "cost.gpu_s": gpu_s,
        "amplifier_key": job.amplifier_key,
        "amplified_key": job.amplified_key,
    }
    return amplified, cost


def amplify_job(bench: Bench, recipe: Recipe) -> AmplifyJob:
    """Return the amplification that a recipe asks for."""
    settings = bench.experiment.amplifier_of(recipe)
    return AmplifyJob(bench.store, bench.faces, recipe.pairs, settings, bench.experiment.seed)


def training(
    bench: Bench,
    recipe: Recipe,
    amplified: Pairs | None,
    seed: int,
    device: torch.device = PROCESSOR,
) -> Training:
    """Return the student's training, at step 0; the seed is of its weights and batches."""
    student = bench.experiment.student
    weights = Weights(
        recipe.weight_l1, recipe.weight_ssim, recipe.weight_perceptual, recipe.weight_eyeliner
    )
    qat = recipe.qat if recipe.precision == "int8" else 0.0
    schedule = Schedule(
        student.steps, student.batch, recipe.learning_rate, recipe.ema, qat, weights
    )
    source = bench.data.source.first(recipe.pairs)
    network = network_of(recipe, seed)
    return Training(network, source, schedule, seed, amplified, recipe.input_size, device)


def rung_score(bench: Bench, recipe: Recipe, network: Student) -> Row:
    """Return `quality.*` of the network as it stands; LPIPS, being slow, as an objective only."""
    lpips = bench.lpips and any("lpips" in o.column for o in bench.experiment.objectives)
    heldout = bench.data.heldout
    made_up = partial(made_up_at, (recipe.input_size, recipe.input_size), network)
    with torch.inference_mode():
        parts = [to_bytes(made_up(to_float(part))) for part in heldout.before.split(_BATCH)]
    return dict(score(torch.cat(parts), heldout, with_lpips=lpips))


def finish(
    bench: Bench, trial: str, recipe: Recipe, network: Student, timed: Row | None = None
) -> Row:
    """Write the trial's files, and return the scores of the very file that would ship.

    `timed`: what `speed_first` said. Raises ParityError where ONNX and PyTorch differ.
    """
    photos = _calibration(bench, recipe)
    size = recipe.input_size
    told = {name: shareable(name, value) for name, value in recipe.params().items()}
    form = Form(told, size, recipe.precision, recipe.coreml_precision, photos)
    return ship(bench, trial, form, network, timed)


def _calibration(bench: Bench, recipe: Recipe) -> NDArray[np.uint8] | None:
    """Return photos that the student learned from, which 8-bit integers are fitted to."""
    if recipe.precision != "int8":
        return None
    data = bench.data
    amplified = data.unlabelled.photos[: min(recipe.amplified, _CALIBRATION)]
    photos = amplified if len(amplified) else data.source.before[: recipe.pairs]
    sides = recipe.input_size, recipe.input_size
    calibration: NDArray[np.uint8] = to_bytes(squeezed(to_float(photos), sides)).numpy()
    return calibration
