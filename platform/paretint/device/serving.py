"""An agent: it measures what a run has no number for on its device, and writes the numbers back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import polars as pl

import paretint
from paretint.device.heart import Heart
from paretint.device.interface import Measured, file_of, structure_of
from paretint.device.local import Local
from paretint.device.mailbox import Mailbox
from paretint.device.measure import STANDARD, timing
from paretint.device.runners import runner
from paretint.errors import UserError
from paretint.store import Remote, Result, Store

_LOOK_S = 2.0

Say = Callable[[str], None]


class Served(NamedTuple):
    """How many structures an agent measured, and how many models it could not."""

    measured: int
    failed: int


def serve(url: str, name: str, device: str, store: Store, once: bool, say: Say) -> Served:
    """Measure at the run at a path or URL, on a device at hand, in the name of an agent.

    What somebody waits for comes first, then the models of complete trials and of baselines.
    `once`: until nothing is left; otherwise for ever. Raises `UserError` where there is no run,
    the device is not there, or another agent has the name.
    """
    chosen = runner(device)
    if not isinstance(chosen, Local):
        raise UserError(f"--device {device}: an agent needs a device at hand, such as ort-cpu")
    detail, run = chosen.check(), Remote(url)
    if run.read("experiment.yaml") is None:
        raise UserError(f"--run {url}: is no run: it has no experiment.yaml")
    box = Mailbox(run, f"agent:{name}")
    work = _Work(run, box, chosen, f"agent:{name}", store, say)
    with Heart(box, name, device, chosen.form) as heart:
        say(f"agent {name} measures at {url}, on {device}: {detail}")
        while True:
            heart.check()
            if work.one():
                continue
            if once:
                return Served(work.measured, len(work.failed) + work.interrupted)
            time.sleep(_LOOK_S)


class _Job(NamedTuple):
    """A model without a number: what it is called, its structure, and whether somebody waits."""

    name: str
    structure: str
    wanted: bool


class _AwayError(Exception):
    """The device is gone, and may come back."""


@dataclass
class _Work:
    """What an agent does, and what it knows while it does.

    failed: trials and structures that it cannot measure; structures: of trials whose rows do not
    tell; interrupted: whether the run's folder or the device is away.
    """

    run: Remote
    box: Mailbox
    device: Local
    name: str
    store: Store
    say: Say
    measured: int = 0
    failed: set[str] = field(default_factory=set)
    structures: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False

    def one(self) -> bool:
        """Do one job; return whether there was any. What is away for a moment is waited for."""
        try:
            job = next(self._jobs(), None)
            if job is not None:
                self._do(job)
        except (OSError, _AwayError) as error:
            if not self.interrupted:
                self.say(f"{error}; trying again")
            self.interrupted = True
            return False
        self.interrupted = False
        return job is not None

    def _jobs(self) -> Iterator[_Job]:
        done = self.box.done()
        for wanted in self.box.wanted():
            if wanted in done:
                self.box.drop(wanted)
            else:
                yield _Job(wanted[:12], wanted, wanted=True)
        for row in _rows(self.run):
            structure = None if row["trial"] in self.failed else self._structure(row)
            if structure is not None and structure not in done | self.failed:
                yield _Job(row["trial"], structure, wanted=False)

    def _do(self, job: _Job) -> None:
        with TemporaryDirectory() as scratch:
            try:
                model = self._file(job, Path(scratch))
                if model is not None:
                    self._answer(job, self.device.measured(model, self.store, STANDARD))
            except UserError as error:
                self._fail(job, error)

    def _answer(self, job: _Job, found: Measured) -> None:
        figures = timing(found, self.name)
        host = dict(self.device.fingerprint())
        source = {"device": self.device.name, "host": host, "paretint": paretint.__version__}
        result = Result(self.name, job.structure, self.device.form, figures.figures(), source)
        self.box.answer(result, found.samples)
        self.failed.discard(job.structure)
        self.measured += 1
        self.say(f"{job.name}: p50 {figures.p50_ms:.2f} ms, {figures.relative:.2f} x control")

    def _fail(self, job: _Job, error: UserError) -> None:
        """Tell who waits; of other models, come back to those that the device is away for."""
        if job.wanted:
            self.box.fail(job.structure, str(error))
        else:
            self._check()
        self.failed.add(job.structure)
        self.say(f"{job.name}: {error}")

    def _check(self) -> None:
        try:
            self.device.check()
        except UserError as error:
            raise _AwayError(str(error)) from None

    def _structure(self, row: dict[str, Any]) -> str | None:
        """Return the structure of a trial's file: as its row tells, else of the file itself."""
        trial, form = row["trial"], self.device.form
        told: str | None = row.get(f"structure.{form}") or self.structures.get(trial)
        if told is not None:
            return told
        try:
            with TemporaryDirectory() as scratch:
                model = self._model(trial, Path(scratch))
                self.structures[trial] = structure_of(model, form)
        except UserError as error:
            self.say(f"{trial}: {error}")
            self.failed.add(trial)
        return self.structures.get(trial)

    def _file(self, job: _Job, folder: Path) -> Path | None:
        """Return the model of a job; None where somebody took the request away."""
        if job.wanted:
            return self.box.fetch(job.structure, self.device.form, folder)
        return self._model(job.name, folder)

    def _model(self, trial: str, folder: Path) -> Path:
        """Return a trial's ONNX file, with the package beside it where the device runs that."""
        there = f"models/{trial}"
        model = self.run.fetch(f"{there}/model.onnx", folder)
        if model is None:
            raise UserError(f"{self.run.url}/{there}/model.onnx: is not there any more")
        if self.device.form == "coreml":
            self.run.fetch(f"{there}/model.mlpackage", folder)
        file_of(model, self.device.form)
        return model


def _rows(run: Remote) -> Iterator[dict[str, Any]]:
    """Yield the rows of complete trials, then those of baselines."""
    trials = _table(run, "trials.parquet")
    yield from (row for row in trials if row["state"] == "complete")
    yield from _table(run, "baselines.parquet")


def _table(run: Remote, name: str) -> list[dict[str, Any]]:
    content = run.read(name)
    return [] if content is None else pl.read_parquet(BytesIO(content)).to_dicts()
