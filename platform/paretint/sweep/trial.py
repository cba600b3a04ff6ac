"""A trial as Ray Tune runs it: one step is one rung."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from ray import tune
from ray.exceptions import RayTaskError

from paretint.amplify import Work, this_worker
from paretint.config import Recipe, broken_rule
from paretint.errors import DiskFullError
from paretint.faces import Pairs
from paretint.store import Run
from paretint.store.files import told_full
from paretint.student import Training
from paretint.sweep import candidate
from paretint.sweep.card import Card
from paretint.sweep.history import params_of
from paretint.sweep.packing import peak_memory
from paretint.sweep.progress import Board
from paretint.sweep.sheet import keep_sheet
from paretint.sweep.shipping import Bench, Row
from paretint.sweep.study import unmeasured
from paretint.sweep.watch import Watch, hung, overtime


class Trial(tune.Trainable):
    """Speed first; then the data, and the student a rung at a time; at last files and scores.

    Its process serves one trial after another, so that imports and start-up are paid once. One
    that takes longer than `budget.trial_seconds` ends itself, and leaves its stack in a file; it
    has failed when it is begun again.
    """

    def setup(self, config: dict[str, Any], bench: Bench, board: Any) -> None:  # type: ignore[override]
        """Begin the first trial of this process."""
        torch.set_num_threads(1)
        self._bench = bench
        self._board = Board(board)
        self._run = Run.open(bench.run)
        resources = self.trial_resources
        self._card = Card(resources.bundles[0].get("GPU", 0.0) if resources else 0.0)
        self.reset_config(config)

    def reset_config(self, new_config: dict[str, Any]) -> bool:
        """Begin another trial in the same process."""
        self._name: str = new_config["trial"]
        self._recipe = self._bench.experiment.recipe(new_config["point"])
        self._row = new_row(self._name, self._recipe, new_config["seed"])
        self._training: Training | None = None
        self._card.begin()
        self._stack = hung(self._run, self._name)
        self._watch = Watch(self._run, self._name)
        return True

    def step(self) -> dict[str, Any]:
        """Return what a rung came to; the last result carries the trial's row for the ledger.

        A full disk is no fault of the trial's, and told as what it is.
        """
        try:
            with told_full(self._run.folder), self._watch.step():
                return self._advance()
        except DiskFullError as full:
            return {"full": full.folder, "done": False}
        except Exception as error:
            self._run.log("failure", trial=self._name, traceback=traceback.format_exc())
            return self._end("failed", reason_of(error))

    def _advance(self) -> dict[str, Any]:
        if self._stack is not None:
            self._run.log("death", trial=self._name, error=self._stack)
            return self._end("failed", overtime(self._run))
        if self._training is None:
            self._row |= {"worker": this_worker()}
            self._row |= {"time.began": time.time()}
            self._board.post(self._name, "timing", 0, 1)
            with self._timed("cost.speed_s"):
                self._row |= candidate.speed_first(self._bench, self._recipe)
            self._warn()
            broken = broken_rule(self._bench.experiment.constraints, self._row)
            if broken is not None:
                return self._end("infeasible", broken)
            self._amplified = self._data()
            self._training = self._untrained()
        rungs = self._bench.experiment.student.rungs
        rung = next(rung for rung in rungs if rung > self._training.step)
        self._train(rung)
        if rung == rungs[-1]:
            return self._finish(rung)
        told = self._rung(rung)
        return {"rung": told, "row": self._so_far(), "done": False}

    @contextmanager
    def _timed(self, column: str) -> Iterator[None]:
        """Add the seconds that a part of the work takes to a column."""
        start = time.monotonic()
        try:
            yield
        finally:
            self._row[column] = self._row.get(column, 0.0) + time.monotonic() - start

    def _so_far(self) -> Row:
        row = self._row | {"time.ended": time.time(), "cost.memory_bytes": peak_memory()}
        share = self._card.taken()
        learned = self._training is not None and share is not None
        return row | {"cost.gpu_share": share} if learned else row

    def _warn(self) -> None:
        """Say what would keep phones from running the network fast, before it is trained."""
        if self._row["gate.why"] is not None:
            self._board.warn(f"{architecture_text(self._recipe)}: {self._row['gate.why']}")

    def _data(self) -> Pairs | None:
        tell = partial(self._board.post, self._name)
        amplified, cost = candidate.amplified_pairs(self._bench, self._recipe, tell, self._note)
        self._row |= cost
        if amplified is not None:
            keep_sheet(self._run, self._name, cost["amplified_key"], amplified)
        return amplified

    def _note(self, work: Work) -> None:
        """Write down at once what the amplifiers' actors did for this trial."""
        self._run.log("amplify", trial=self._name, **work._asdict())

    def _untrained(self) -> Training:
        recipe, seed = self._recipe, self._row["seed"]
        return candidate.training(self._bench, recipe, self._amplified, seed, self._card.device)

    def _train(self, rung: int) -> None:
        """Train to a rung; anew, with more of the GPU's memory, where that is too little."""
        assert self._training is not None
        steps = self._bench.experiment.student.steps
        while self._training.step < rung:
            try:
                with self._timed("cost.train_s"):
                    self._training.advance(
                        rung,
                        lambda step: self._board.post(self._name, "training steps", step, steps),
                    )
            except torch.OutOfMemoryError:
                if not self._card.widen():
                    raise
                self._training = self._untrained()
        if self._card.share:
            self._row["cost.train_gpu_s"] = self._card.share * self._row["cost.train_s"]

    def _rung(self, rung: int) -> Row:
        assert self._training is not None
        with self._timed("cost.ship_s"):
            scores = candidate.rung_score(self._bench, self._recipe, self._training.network)
        return {"trial": self._name, "rung": rung, **scores}

    def _finish(self, rung: int) -> dict[str, Any]:
        assert self._training is not None
        self._board.post(self._name, "exporting and scoring", 0, 1)
        network = self._training.network
        recipe, timed = self._recipe, self._row
        with self._timed("cost.ship_s"):
            self._row |= candidate.finish(self._bench, self._name, recipe, network, timed)
        missing = unmeasured(self._run, self._row)
        if missing is not None:
            return self._end("failed", missing)
        quality = {name: value for name, value in self._row.items() if name.startswith("quality.")}
        row = {"trial": self._name, "rung": rung, **quality}
        return self._end("complete", None) | {"rung": row}

    def _end(self, state: str, reason: str | None) -> dict[str, Any]:
        self._board.clear(self._name)
        return {"row": self._so_far() | {"state": state, "reason": reason}, "done": True}


def reason_of(error: Exception) -> str:
    """Return an error in one line; one in an actor as what it was there."""
    cause = error.cause if isinstance(error, RayTaskError) else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]


def architecture_text(recipe: Recipe) -> str:
    """Return what an untrained file is made of in a few words: its network, and its precision."""
    axes = recipe.architecture
    network = str(axes.pop("network"))
    told = [f"{name} {value}" for name, value in axes.items()] if network == "compact" else []
    return ", ".join([network, *told, recipe.precision])


def new_row(name: str, recipe: Recipe, seed: int) -> Row:
    """Return a trial's row of the ledger as it is before anything is known but its recipe."""
    return {
        "trial": name,
        "state": None,
        "reason": None,
        **params_of(recipe.params()),
        "seed": seed,
    }
