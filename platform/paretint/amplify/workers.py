"""Ray actors that fine-tune amplifiers and draw with them, one a GPU or a core."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import ray
import torch

from paretint.amplify.contact_sheet import HEADS, SHEET, draw_sheet, sheet_rows
from paretint.amplify.drawing import draw
from paretint.amplify.gate import Gate
from paretint.amplify.interface import Amplifier
from paretint.amplify.job import AmplifyJob
from paretint.amplify.parts import part_path, read_drawn, write_part
from paretint.amplify.residual import Residuals
from paretint.amplify.work import Work, this_worker
from paretint.faces import Faces, seeded

ROWS = 8
"""Images of a contact sheet."""

Tell = Callable[[str, int, int], None]
"""Told of progress: what is being done, how far it is, and how far it goes."""


class AmplifierWorker:
    """Builds what is missing in the store; what it returns is short: what it did, a few images."""

    def __init__(self, gpus: float = 0.0) -> None:
        """gpus: how much of a GPU it was given."""
        import_module("paretint.amplify.diffusion")  # seconds, while others start too
        self._gpus = gpus
        torch.set_num_threads(1)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._loaded: tuple[str, tuple[Amplifier, Gate | None]] | None = None

    @ray.method(max_task_retries=0)  # an answer that nobody waits for any more is not told again
    def ready(self) -> None:
        """Answer as soon as what was asked before is done."""

    def fit(self, job: AmplifyJob, tell: Tell) -> Work | None:
        """Fine-tune the job's amplifier; None where the store has it."""
        return self._fitted(job, tell)[1]

    def make_part(self, job: AmplifyJob, part: int) -> Work | None:
        """Make one part of the job's amplified pairs; None where another process has."""
        path = part_path(job.folder, part)
        with job.store.lock("amplified", f"{job.amplified_key}-{part:05d}"):
            if job.has(part):
                return None
            path.parent.mkdir(parents=True, exist_ok=True)
            size = job.settings.part
            indices = range(part * size, (part + 1) * size)
            faces = job.data.unlabelled
            amplifier, gate = self._loaded_for(job)
            began = time.time()
            drawn = draw(amplifier, gate, faces, job.settings, job.seed, indices)
            write_part(path, indices, drawn)
            rejected = sum(drawn.rejected)
            work = self._work(job, began, job.amplified_key, part, len(indices), rejected)
            job.share(part)
        return work

    def draw_sheet(self, job: AmplifyJob) -> Path:
        """Draw the contact sheet of the job's first part, unless the store has it."""

        def make(folder: Path) -> None:
            size = job.settings.part
            job.has(0)  # here, be it that another machine made it
            drawn = read_drawn(job.folder, min(ROWS, size), size)
            amplifier, _ = self._loaded_for(job)
            # The draw that the gate let pass, which is the one that was kept.
            noise = [seeded(job.seed, *draw) for draw in enumerate(drawn.rejected)]
            made = amplifier.residuals(drawn.before, noise)
            rows = sheet_rows(drawn.before, made, drawn.after)
            draw_sheet(HEADS, rows).save(folder / SHEET)

        return job.store.build("contact_sheet", job.amplified_key, make) / SHEET

    def take_apart(self, job: AmplifyJob, faces: Faces) -> Residuals:
        """Return a few faces taken apart by the job's amplifier."""
        amplifier, _ = self._loaded_for(job)
        return amplifier.residuals(faces, [seeded(job.seed, i) for i in range(len(faces))])

    def _fitted(self, job: AmplifyJob, tell: Tell) -> tuple[Path, Work | None]:
        """Return the job's amplifier, and what it took unless the store had it."""
        steps = job.settings.fine_tune_steps
        done: list[Work] = []

        def make(folder: Path) -> None:
            began = time.time()
            fitted = job.base.fit(
                job.source,
                job.seed,
                self._device,
                lambda step: tell("fine-tuning steps", step, steps),
            )
            fitted.to(torch.device("cpu")).save(folder)
            done.append(self._work(job, began))

        folder = job.store.build("amplifier", job.amplifier_key, make)
        return folder, done[0] if done else None

    def _work(self, job: AmplifyJob, began: float, *made: Any) -> Work:
        """Return what was done from a time until now; `made` is of parts, see `Work`."""
        return Work(this_worker(), began, time.time(), self._gpus, job.amplifier_key, *made)

    def _loaded_for(self, job: AmplifyJob) -> tuple[Amplifier, Gate | None]:
        """Return the job's amplifier on this worker's device, and its gate; the last are kept."""
        if self._loaded is None or self._loaded[0] != job.amplified_key:
            folder, _ = self._fitted(job, _untold)  # brought here, if another machine has
            amplifier = job.base.load(folder).to(self._device)
            self._loaded = job.amplified_key, (amplifier, job.gate())
        return self._loaded[1]


def _untold(_what: str, _done: int, _of: int) -> None:
    """Tell nobody: that an amplifier is fine-tuned once more, since storage lost it, is rare."""


def start_workers(count: int | None = None, of_gpu: float = 1.0) -> list[Any]:
    """Start actors on the cluster: `count`, or else one for each GPU, or else for each core.

    of_gpu: the part of each GPU that is theirs, above 0 to 1; more actors than GPUs share it
    evenly. On cores they reserve none: a trial that waits for them lends them its own. A worker
    that dies is started again and asked once more; the store keeps what it had finished.
    """
    resources = ray.cluster_resources()
    gpus, cores = int(resources.get("GPU", 0)), int(resources.get("CPU", 1))
    wanted = count or gpus or cores
    share = of_gpu / math.ceil(wanted / gpus) if gpus else 0.0
    actor = ray.remote(AmplifierWorker).options(
        num_cpus=0,
        num_gpus=share,
        scheduling_strategy="SPREAD",  # else those that reserve nothing crowd on one machine
        max_restarts=-1,
        max_task_retries=2,
    )
    return [actor.remote(share) for _ in range(wanted)]
