"""Amplification shared out among Ray actors, some of which may be lost on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayActorError, RayTaskError

from paretint.amplify.job import AmplifyJob
from paretint.amplify.residual import Residuals
from paretint.amplify.work import Note, Work, unnoted
from paretint.amplify.workers import Tell
from paretint.errors import UserError
from paretint.faces import Faces

_PAUSES_S = (1, 2, 4, 8, 16, 32)
"""Waits for a worker whose machine died: Ray asks twice more within a second, and gives up."""


def amplify(
    job: AmplifyJob, count: int, workers: Sequence[Any], tell: Tell, note: Note = unnoted
) -> Path:
    """Return the folder of the job's amplified pairs, with at least the first `count` in it.

    Processes that want the same amplifier wait for one fine-tuning; parts that lie in the store
    are not made again. Raises UserError where the base cannot be read, the gate is too strict or
    the disk is full, FloatingPointError where fine-tuning diverges.
    """
    if not job.store.has("amplifier", job.amplifier_key):
        with job.store.lock("fitting", job.amplifier_key):
            _noted(_answer(workers, lambda worker: worker.fit.remote(job, tell)), note)
    missing = job.missing(count)
    if missing:
        _share_out(job, missing, workers, tell, note)
        job.missing(count)  # brings here what was made on other machines
    return job.folder


def contact_sheet(job: AmplifyJob, workers: Sequence[Any]) -> Path:
    """Return the picture of a job's first images, whose first part must be there."""
    path: Path = _answer(workers, lambda worker: worker.draw_sheet.remote(job))
    return job.store.here(path.parent) / path.name


def taken_apart(
    jobs: Sequence[AmplifyJob], faces: Faces, workers: Sequence[Any], tell: Tell
) -> list[Residuals]:
    """Return a few faces taken apart by each of some jobs, fine-tuned where that is missing."""
    made: list[Residuals] = []
    for job in jobs:
        amplify(job, 0, workers, tell)
        made.append(_answer(workers, partial(_ask_apart, job, faces)))
    return made


def _ask_apart(job: AmplifyJob, faces: Faces, worker: Any) -> Any:
    return worker.take_apart.remote(job, faces)


def _share_out(
    job: AmplifyJob, missing: list[int], workers: Sequence[Any], tell: Tell, note: Note
) -> None:
    """Give every worker a part, and the next one to whoever is done first.

    A part whose worker is lost goes back to the others.
    """
    waiting, size = list(missing), job.settings.part
    running: dict[Any, tuple[Any, int]] = {}
    free, pauses = list(workers), iter(_PAUSES_S)
    made = 0
    while waiting or running:
        while waiting and free:
            worker, part = free.pop(), waiting.pop(0)
            running[worker.make_part.remote(job, part)] = worker, part
        (done, *_), _ = ray.wait(list(running), num_returns=1)
        worker, part = running.pop(done)
        try:
            _noted(_result(done), note)
        except RayActorError as lost:
            waiting.append(part)
            free.insert(0, worker)  # the others come first
            _pause(pauses, lost)
            continue
        free.append(worker)
        made, pauses = made + 1, iter(_PAUSES_S)
        tell("images", made * size, len(missing) * size)


def _noted(work: Work | None, note: Note) -> None:
    """Take note of work, unless there was none left to do."""
    if work is not None:
        note(work)


def _answer(workers: Sequence[Any], ask: Callable[[Any], Any]) -> Any:
    """Return what the first worker that is free answers, or another where it is lost."""
    pauses = iter(_PAUSES_S)
    while True:
        try:
            return _result(ask(_idlest(workers)))
        except RayActorError as lost:
            _pause(pauses, lost)


def _pause(pauses: Iterator[int], lost: RayActorError) -> None:
    """Wait until a lost worker may have been started elsewhere; raise when it was waited enough."""
    pause = next(pauses, None)
    if pause is None:
        raise lost
    time.sleep(pause)


def _idlest(workers: Sequence[Any]) -> Any:
    """Return the worker that answers first."""
    answers = {worker.ready.remote(): worker for worker in workers}
    first, _ = ray.wait(list(answers), num_returns=1)
    return answers[first[0]]


def _result(answer: Any) -> Any:
    """Return what a worker answers; what a user can mend stays one line, without its trace."""
    try:
        return ray.get(answer)
    except RayTaskError as error:
        if isinstance(error.cause, UserError | FloatingPointError):
            raise error.cause from None
        raise
