"""What Ray costs and what it gains: a bare loop, one worker, two, and Ray Data beside them."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from statistics import median
from typing import Any

import ray
import torch

from paretint.amplify import AmplifierWorker, AmplifyJob, amplify, start_workers
from paretint.config import ProceduralFaces, load_experiment
from paretint.faces import prepare_faces, seeded
from paretint.store import Store
from paretint.sweep.cluster import connected_ray

CORES = 2


def ratios(count: int, rounds: int) -> dict[str, float]:
    """Return the rates of `count` images against each other, the median of some rounds.

    Every round does the same work in six ways, one after the other, each into an empty folder. The
    bare loop keeps no image; what Ray alone costs is told by the one that writes its parts too
    (`ray_over_bare_writing`). `bare_two_over_one` is what two processes without Ray gain, the most
    that the machine gives. Ray Data starts its actors for every dataset, which takes longer than
    the work: it is compared at the pace of parts that follow each other, and from the call to its
    end (`_with_start`).
    """
    torch.set_num_threads(1)
    processes = ProcessPoolExecutor(CORES, get_context("spawn"), torch.set_num_threads, (1,))
    with tempfile.TemporaryDirectory() as folder, connected_ray(), processes:
        job = _job(Store.at(folder), count)
        workers = start_workers(CORES)
        rates: dict[str, list[float]] = defaultdict(list)
        amplify(job, count, workers, _silent)  # imports, and the amplifier loaded by each
        _by_ray_data(job, count)
        _bare_by(processes, job, count)
        worker = AmplifierWorker()
        ways: dict[str, Callable[[AmplifyJob], object]] = {
            "bare": lambda job: _bare(job, count),
            "bare_writing": lambda job: [
                worker.make_part(job, part) for part in job.missing(count)
            ],
            "bare_two": lambda job: _bare_by(processes, job, count),
            "one": lambda job: amplify(job, count, workers[:1], _silent),
            "two": lambda job: amplify(job, count, workers, _silent),
            "ray_data": lambda job: _by_ray_data(job, count),
        }
        seeds = itertools.count(1)
        for _ in range(rounds):
            for way, work in ways.items():
                fresh = replace(job, seed=next(seeds))  # its parts have a folder of their own
                amplify(fresh, 0, workers, _silent)
                rates[way].append(count / _seconds(work, fresh))
                if way in ("two", "ray_data"):
                    rates[f"{way}_pace"].append(_pace(fresh))
    return {
        "ray_over_bare": _ratio(rates, "one", "bare"),
        "ray_over_bare_writing": _ratio(rates, "one", "bare_writing"),
        "two_over_one": _ratio(rates, "two", "one"),
        "bare_two_over_one": _ratio(rates, "bare_two", "bare"),
        "ray_data_over_ours": _ratio(rates, "ray_data_pace", "two_pace"),
        "ray_data_over_ours_with_start": _ratio(rates, "ray_data", "two"),
        "images_per_s": round(median(rates["one"]), 1),
    }


def _job(store: Store, count: int) -> AmplifyJob:
    faces = ProceduralFaces(source="procedural", style="plum", unlabelled=count, heldout=8)
    # Nothing is learned: what is timed is the drawing.
    settings = load_experiment("real_faces").amplifier.model_copy(
        update={"fine_tune_steps": 0, "gate": None}
    )
    return AmplifyJob(store, prepare_faces(faces, 0, store), 5, settings, seed=0)


def _bare(job: AmplifyJob, count: int) -> None:
    """Draw the images in this process, and keep none."""
    amplifier = job.base.load(job.store.folder("amplifier", job.amplifier_key))
    size = job.settings.part
    for start in range(0, count, size):
        faces = job.data.unlabelled.take(start, start + size)
        noise = [seeded(job.seed, index) for index in range(start, start + size)]
        amplifier.residuals(faces, noise).after(1.0, 0.8)


def _bare_by(processes: ProcessPoolExecutor, job: AmplifyJob, count: int) -> None:
    """Draw the images in as many processes as cores, each its share."""
    list(processes.map(_bare, [job] * CORES, [count // CORES] * CORES))


class _Parts:
    """A worker as Ray Data wants it: called with batches of part numbers."""

    def __init__(self, job: AmplifyJob) -> None:
        self._worker, self._job = AmplifierWorker(), job

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        for part in batch["id"].tolist():
            self._worker.make_part(self._job, part)
        return batch


def _by_ray_data(job: AmplifyJob, count: int) -> None:
    """Make the same parts, sharded by Ray Data's pool of actors."""
    parts = ray.data.range(-(-count // job.settings.part), override_num_blocks=8)
    parts.map_batches(
        _Parts,
        fn_constructor_args=(job,),
        batch_size=1,
        num_cpus=0,  # as our workers; with one each, none would be left to read the numbers
        compute=ray.data.ActorPoolStrategy(size=CORES),
    ).materialize()


def _seconds(work: Callable[[AmplifyJob], object], job: AmplifyJob) -> float:
    start = time.perf_counter()
    work(job)
    return time.perf_counter() - start


def _pace(job: AmplifyJob) -> float:
    """Return the images a second between the first part of every worker and the last part."""
    written = sorted(path.stat().st_mtime for path in job.folder.glob("part-*.parquet"))
    followed = (len(written) - CORES) * job.settings.part
    return followed / (written[-1] - written[CORES - 1])


def _ratio(rates: dict[str, list[float]], over: str, under: str) -> float:
    pairs = zip(rates[over], rates[under], strict=True)
    return round(median(one / other for one, other in pairs), 3)


def _silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""
