"""Amplification by real Ray actors, some of which are killed on the way.

Fine-tuning is told of in the actors, which cannot import this file: what they call is nested in
functions, so that Ray sends its code along. Images are told of in this process.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import ray
import torch
from safetensors.torch import save_file

from paretint import UserError
from paretint.amplify import (
    AmplifierWorker,
    AmplifyJob,
    Tell,
    amplify,
    rejected_share,
    start_workers,
)
from paretint.config import Gate
from paretint.store import Store

pytestmark = pytest.mark.slow

FULL = Path("/dev/full")
COUNT = 10
PARTS = [f"part-{part:05d}.parquet" for part in range(3)]


@pytest.fixture(scope="module")
def workers(cluster: None) -> Iterator[list[Any]]:  # noqa: ARG001
    started = start_workers(2)
    yield started
    for worker in started:
        ray.kill(worker)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Callable[[AmplifyJob, str], AmplifyJob]:
    """Gives the same job with another, empty store."""
    return lambda job, name: replace(job, store=Store(tmp_path / name))


def silent() -> Tell:
    return lambda _what, _done, _of: None


def process_of(worker: Any) -> int:
    pid: int = ray.get(worker.__ray_call__.remote(lambda _: os.getpid()))
    return pid


def written(path: Path) -> int:
    return path.stat().st_mtime_ns


def contents(folder: Path) -> dict[str, bytes]:
    assert [path.name for path in sorted(folder.iterdir())] == PARTS
    return {name: (folder / name).read_bytes() for name in PARTS}


def made_in_this_process(job: AmplifyJob) -> dict[str, bytes]:
    worker = AmplifierWorker()
    worker.fit(job, silent())
    for part in range(3):
        worker.make_part(job, part)
    return contents(job.folder)


def test_one_worker_and_two_make_the_same_bytes(
    workers: list[Any], job: AmplifyJob, elsewhere: Callable[[AmplifyJob, str], AmplifyJob]
) -> None:
    by_one, by_two = elsewhere(job, "one"), elsewhere(job, "two")
    first = contents(amplify(by_one, COUNT, workers[:1], silent()))
    assert contents(amplify(by_two, COUNT, workers, silent())) == first
    assert made_in_this_process(job) == first


def test_a_larger_count_adds_parts_and_remakes_none(workers: list[Any], job: AmplifyJob) -> None:
    told: list[tuple[str, int, int]] = []
    folder = amplify(job, 3, workers, silent())
    assert [path.name for path in folder.iterdir()] == PARTS[:1]
    first = written(folder / PARTS[0])
    assert amplify(job, COUNT, workers, lambda *step: told.append(step)) == folder
    assert told == [("images", 4, 8), ("images", 8, 8)]
    assert written(folder / PARTS[0]) == first
    assert len(contents(folder)) == 3


def test_work_is_told_once_with_the_worker_that_did_it(workers: list[Any], job: AmplifyJob) -> None:
    start, noted = time.time(), []
    amplify(job, 3, workers, silent(), noted.append)
    amplify(job, COUNT, workers, silent(), noted.append)
    amplify(job, COUNT, workers, silent(), noted.append)
    fitted, *drawn = noted
    assert (fitted.amplifier_key, fitted.amplified_key) == (job.amplifier_key, None)
    assert (fitted.part, fitted.images, fitted.rejected) == (None, 0, 0)
    assert sorted((work.part, work.images, work.rejected) for work in drawn) == [
        (0, 4, 0), (1, 4, 0), (2, 4, 0),
    ]  # fmt: skip
    assert {work.amplified_key for work in drawn} == {job.amplified_key}
    assert {work.gpus for work in noted} == {0.0}
    pids = {process_of(worker) for worker in workers}
    assert {int(work.worker.rpartition(":")[2]) for work in noted} <= pids
    assert all(start < work.began < work.ended < time.time() for work in noted)


def test_workers_killed_between_parts_lose_nothing(
    workers: list[Any], job: AmplifyJob, elsewhere: Callable[[AmplifyJob, str], AmplifyJob]
) -> None:
    processes = [process_of(worker) for worker in workers]
    finished: list[tuple[Path, int]] = []

    def kill_all_once(what: str, _done: int, _of: int) -> None:
        if what == "images" and not finished:
            finished.extend((path, written(path)) for path in job.folder.glob("part-*"))
            for process in processes:
                os.kill(process, signal.SIGKILL)

    made = contents(amplify(job, COUNT, workers, kill_all_once))
    assert finished
    assert all(written(path) == when for path, when in finished)
    assert made == made_in_this_process(elsewhere(job, "undisturbed"))


def test_workers_killed_in_the_midst_of_parts_make_them_anew(
    workers: list[Any], job: AmplifyJob, elsewhere: Callable[[AmplifyJob, str], AmplifyJob]
) -> None:
    slow = replace(job, settings=job.settings.model_copy(update={"steps": 300}))
    amplify(slow, 0, workers, silent())
    begun = [
        slow.store.root / f"amplified/.{slow.amplified_key}-{part:05d}.lock" for part in (0, 1)
    ]
    processes = [process_of(worker) for worker in workers]
    unfinished: list[bool] = []

    def kill_all() -> None:
        while not all(lock.exists() for lock in begun):
            time.sleep(0.001)
        for process in processes:
            os.kill(process, signal.SIGKILL)
        unfinished.extend(not (slow.folder / name).exists() for name in PARTS)

    killer = Thread(target=kill_all)
    killer.start()
    made = contents(amplify(slow, COUNT, workers, silent()))
    killer.join()
    assert unfinished == [True] * 3
    assert not set(processes) & {process_of(worker) for worker in workers}
    assert made == made_in_this_process(elsewhere(slow, "undisturbed"))


def test_a_worker_killed_while_fine_tuning_is_asked_once_more(
    workers: list[Any],
    job: AmplifyJob,
    elsewhere: Callable[[AmplifyJob, str], AmplifyJob],
    tmp_path: Path,
) -> None:
    killed = tmp_path / "killed"

    def die_once(what: str, _done: int, _of: int) -> None:
        if what != "images" and not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    pids = {process_of(worker) for worker in workers}
    made = contents(amplify(job, COUNT, workers, die_once))
    assert killed.exists()
    assert len({process_of(worker) for worker in workers} - pids) == 1
    assert made == made_in_this_process(elsewhere(job, "undisturbed"))


def test_a_part_cut_short_on_the_disk_is_made_again_and_no_other(
    workers: list[Any], job: AmplifyJob
) -> None:
    folder = amplify(job, COUNT, workers, silent())
    first = contents(folder)
    whole = {name: written(folder / name) for name in (PARTS[0], PARTS[2])}
    (folder / PARTS[1]).write_bytes(first[PARTS[1]][:-100])
    told: list[tuple[str, int, int]] = []
    amplify(job, COUNT, workers, lambda *step: told.append(step))
    assert told == [("images", 4, 4)]
    assert contents(folder) == first
    assert {name: written(folder / name) for name in whole} == whole


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_line_and_the_finished_parts_stay(
    workers: list[Any], job: AmplifyJob
) -> None:
    amplify(job, job.settings.part, workers, silent())
    first = written(job.folder / PARTS[0])
    (job.folder / f".{PARTS[1]}.partial").symlink_to(FULL)
    with pytest.raises(UserError, match="the disk is full; what is finished stays") as raised:
        amplify(job, COUNT, workers[:1], silent())
    assert "\n" not in str(raised.value)
    assert written(job.folder / PARTS[0]) == first
    amplify(job, COUNT, workers, silent())
    assert len(contents(job.folder)) == 3
    assert written(job.folder / PARTS[0]) == first


def test_a_base_of_another_layout_is_told_before_anything_is_made(
    workers: list[Any], job: AmplifyJob, tmp_path: Path
) -> None:
    other = tmp_path / "other.safetensors"
    save_file({"weight": torch.zeros(3)}, other)
    settings = job.settings.model_copy(update={"weights": str(other)})
    with pytest.raises(UserError, match="these weights do not fit rdm-small") as raised:
        amplify(replace(job, settings=settings), COUNT, workers, silent())
    assert "\n" not in str(raised.value)


def test_what_the_gate_rejects_is_counted_and_a_gate_too_strict_is_told(
    workers: list[Any], job: AmplifyJob
) -> None:
    def gated(residual: float) -> AmplifyJob:
        limits = Gate(outside=1.0, identity=1.0, residual=residual)
        return replace(job, settings=job.settings.model_copy(update={"gate": limits}))

    size = job.settings.part
    untold = rejected_share(amplify(gated(1e6), size, workers, silent()), size, size)
    assert untold == 0
    with pytest.raises(UserError, match=r"amplifier.gate rejects 64 draws in a row") as raised:
        amplify(gated(1e-6), size, workers, silent())
    assert "\n" not in str(raised.value)
