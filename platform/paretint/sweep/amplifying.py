"""Amplification by itself: one experiment's amplified pairs, without a sweep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import ray
from rich.console import Console

from paretint.amplify import (
    AmplifyJob,
    amplify,
    base_of,
    check_set_folder,
    contact_sheet,
    rejected_share,
    start_workers,
    write_set,
)
from paretint.config import Experiment
from paretint.store import Store
from paretint.sweep.cluster import connected_ray
from paretint.sweep.faces import ready_data
from paretint.sweep.progress import Board, following, start_board


class Amplified(NamedTuple):
    """What was made: images, the faces they were drawn from, and the share of draws rejected."""

    images: int
    faces: int
    rejected: float


def job_of(experiment: Experiment, pairs: int, store: Store, console: Console) -> AmplifyJob:
    """Return the amplification of an experiment's style from its first source pairs.

    Raises UserError for a base, parser, style or folder that cannot serve, or too few pairs.
    """
    base_of(experiment.amplifier)  # before the faces, which may take minutes
    data = ready_data(experiment, pairs, f"--pairs {pairs}", store, console)
    return AmplifyJob(store, data.faces, pairs, experiment.amplifier, experiment.seed)


def amplify_into(
    out: Path,
    job: AmplifyJob,
    count: int,
    workers: int | None,
    address: str | None,
    console: Console,
) -> Amplified:
    """Write the first `count` amplified pairs of a job into a folder, with a contact sheet.

    What the store holds already is not made again. Raises UserError where the folder holds
    something else, or no cluster answers.
    """
    check_set_folder(out, job)
    with connected_ray(address, job.store), at_work(workers) as (board, actors):
        with following(console, board):
            amplify(job, count, actors, partial(Board(board).post, "amplifier:"))
        sheet = contact_sheet(job, actors)
    write_set(job, count, sheet, out)
    rejected = rejected_share(job.folder, count, job.settings.part)
    return Amplified(count, len(job.data.unlabelled), rejected)


@contextmanager
def at_work(count: int | None = None, of_gpu: float = 1.0) -> Iterator[tuple[Any, list[Any]]]:
    """Start a board and workers, and end them: a cluster that goes on would keep them.

    count, of_gpu: as `start_workers` takes them.
    """
    board, workers = start_board(), start_workers(count, of_gpu)
    try:
        yield board, workers
    finally:
        for actor in (board, *workers):
            ray.kill(actor)
