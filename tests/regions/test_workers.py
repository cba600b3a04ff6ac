"""A training on real workers of Ray Train, one of which is killed on the way."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import torch
from torch import Tensor

from paretint import UserError
from paretint.regions import FaceParser, ParserJob, ParserSchedule, prepare_labelled, train_here
from paretint.regions.workers import train_on_workers
from paretint.store import Store

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("cluster"),
    # Ray uses what it has deprecated itself.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.data.context"),
]

STEPS = 5
CPU = torch.device("cpu")


@pytest.fixture
def job(labels_json: Path, store: Store, tmp_path: Path) -> ParserJob:
    """Trains a `lite`, which workers know, as little as can be."""
    labelled = prepare_labelled(labels_json, 128, store, lambda *_: None)
    schedule = ParserSchedule(STEPS, batch=2, points=64)
    return ParserJob(labelled, 1, "lite", schedule, 0, tmp_path / "state", rendered=2)


def silent(_done: int, _of: int) -> None:
    pass


def first_gradient(state: dict[str, dict[str, dict[int, dict[str, Tensor]]]]) -> Tensor:
    """The gradient of the first step, up to its length, as the optimiser's state tells it."""
    moments = state["optimiser"]["state"]
    return torch.cat([moments[index]["exp_avg"].flatten() for index in sorted(moments)])


def gradient_of(job: ParserJob, *ranks: int) -> Tensor:
    """The gradient of the first step on the photos of some of two workers."""
    drawn, job = [], replace(job, state=job.state.with_name("none"))
    for rank in ranks:
        one = job.training(CPU)
        one.join(lambda module: module, rank, 2)
        drawn.append(one._batch())
    training = job.training(CPU)
    photos, points, allowed = (torch.cat(parts) for parts in zip(*drawn, strict=True))
    training._batch = lambda: (photos, points, allowed)  # type: ignore[method-assign]
    training.advance(1, lambda _: None)
    return first_gradient(training.state())


def test_the_gradient_of_a_step_is_that_of_all_workers_photos(job: ParserJob) -> None:
    job = replace(job, schedule=replace(job.schedule, steps=1))
    train_on_workers(job, 2, silent)
    state = job.kept()
    assert state is not None
    joined = first_gradient(state)

    def distance(*ranks: int) -> float:
        return (joined - gradient_of(job, *ranks)).norm().item()

    assert distance(0, 1) < 0.1 * min(distance(0), distance(1))


def test_it_ends_with_a_parser_and_every_step_is_told(job: ParserJob) -> None:
    told: list[tuple[int, int]] = []
    parser = train_on_workers(job, 2, lambda *step: told.append(step))
    assert isinstance(parser, FaceParser)
    assert told == [(step, STEPS) for step in range(1, STEPS + 1)]
    assert parser.key == job.finished().key
    one = train_here(replace(job, state=job.state.with_name("one")), silent)
    assert parser.key != one.key


def ray_workers() -> list[psutil.Process]:
    """The workers of Ray Train that this process's Ray has started."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
            if "RayTrainWorker" in " ".join(process.cmdline()):
                found.append(process)
    return found


def test_after_a_death_all_go_on_from_what_was_kept(job: ParserJob, tmp_path: Path) -> None:
    """There are steps enough to be killed in."""
    job = replace(job, schedule=replace(job.schedule, steps=40))
    begin_at(job, 2)
    undisturbed = replace(job, state=tmp_path / "undisturbed")
    begin_at(undisturbed, 2)
    expected = train_on_workers(undisturbed, 2, silent)
    told: list[int] = []
    killed: list[int] = []

    def kill_one_once(done: int, _of: int) -> None:
        told.append(done)
        if not killed:
            victim = ray_workers()[-1]
            killed.append(victim.pid)
            victim.kill()

    parser = train_on_workers(job, 2, kill_one_once)
    assert len(killed) == 1
    assert told[-38:] == [*range(3, 41)]
    assert told[0] == 3
    assert told.count(3) == 2
    assert parser.key == expected.key


def test_ctrl_c_interrupts_and_is_heard_by_python_again(job: ParserJob) -> None:
    job = replace(job, schedule=replace(job.schedule, steps=400))
    heard_by = signal.getsignal(signal.SIGINT)

    def press_once(done: int, _of: int) -> None:
        if done == 1:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        train_on_workers(job, 2, press_once)
    assert signal.getsignal(signal.SIGINT) is heard_by
    psutil.wait_procs(ray_workers(), timeout=60)
    assert ray_workers() == []


def begin_at(job: ParserJob, step: int) -> None:
    """Leave what a training that was stopped after some steps leaves."""
    training = job.training(CPU)
    training.advance(step, lambda _: None)
    job.keep(training)


def test_more_workers_than_cores_are_a_mistake(job: ParserJob) -> None:
    with pytest.raises(UserError, match=r"^--workers 3: there are 2 cores; give one each at least"):
        train_on_workers(job, 3, silent)


def test_the_state_of_another_job_is_told_before_any_worker_starts(job: ParserJob) -> None:
    begin_at(job, 1)
    with pytest.raises(UserError, match="was left by a training on other photos"):
        train_on_workers(replace(job, seed=1), 2, silent)
