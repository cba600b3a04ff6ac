"""The training of a parser on several workers, one a GPU, through Ray Train."""

from __future__ import annotations

import signal
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty
from typing import Any

import ray.train
from ray.train.torch import TorchTrainer, get_device, prepare_model
from ray.util.queue import Queue

from paretint.errors import UserError
from paretint.regions.job import ParserJob
from paretint.regions.parser import FaceParser
from paretint.terminal import Tell

_POLL_S = 0.5
_RESTARTS = 3


def train_on_workers(job: ParserJob, workers: int, tell: Tell) -> FaceParser:
    """Train on `workers` processes of the Ray this process is connected to; return the parser.

    Each takes a GPU where the cluster has one for each of them, else a core. They split every
    batch and join their gradients; after a death all go on from the last kept state. Raises
    UserError where the job's state file is another job's, or there are fewer cores than workers.
    """
    job.kept()
    scaling = _scaling(workers)
    told, done = Queue(actor_options={"num_cpus": 0}), threading.Event()
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(1) as thread:
        trainer = TorchTrainer(
            _train,
            train_loop_config={"job": job, "told": told},
            scaling_config=scaling,
            run_config=ray.train.RunConfig(
                storage_path=scratch, failure_config=ray.train.FailureConfig(_RESTARTS)
            ),
        )
        passing = thread.submit(_pass_on, told, done, job.schedule.steps, tell)
        try:
            _fit(trainer)
        finally:
            done.set()
        passing.result()  # raises what `tell` did
    told.shutdown()
    return job.finished()


def _fit(trainer: TorchTrainer) -> None:
    """Train to the end. Ctrl-C interrupts as ever; Ray would exit, and hear it from then on."""
    before = signal.getsignal(signal.SIGINT)
    try:
        trainer.fit()
    except SystemExit:
        raise KeyboardInterrupt from None
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)


def _scaling(workers: int) -> ray.train.ScalingConfig:
    """Return what each worker takes; Ray would wait for ever for what it does not have."""
    has = ray.cluster_resources()
    on_gpus, cores = has.get("GPU", 0) >= workers, int(has.get("CPU", 0))
    if not on_gpus and cores < workers:
        raise UserError(f"--workers {workers}: there are {cores} cores; give one each at least")
    return ray.train.ScalingConfig(num_workers=workers, use_gpu=on_gpus)


def _train(config: dict[str, Any]) -> None:
    """Be one worker; the first tells the steps and keeps the state."""
    job: ParserJob = config["job"]
    told: Queue = config["told"]
    context = ray.train.get_context()
    rank = context.get_world_rank()
    training = job.training(get_device())
    training.join(prepare_model, rank, context.get_world_size())
    if rank == 0:
        job.run(training, lambda step, _: told.put(step), job.keep)
    else:
        job.run(training, lambda *_: None, lambda _: None)


def _pass_on(told: Queue, done: threading.Event, steps: int, tell: Tell) -> None:
    """Hand on the steps that the first worker tells, until all is done and told."""
    while not (done.is_set() and told.empty()):
        with suppress(Empty):
            tell(told.get(timeout=_POLL_S), steps)
