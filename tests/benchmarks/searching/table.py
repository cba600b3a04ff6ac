"""The recorded table that searches are replayed on: every recipe of a space as it came out."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Self

import numpy as np
import polars as pl
from searching.costs import ENDING, TIMING, Amplifying, Row, Work

from paretint.config import Experiment, Point, load_experiment, untrained
from paretint.errors import UserError
from paretint.front import complete, hypervolume
from paretint.store import Ledger, Run

FOLDER = Path(__file__).parent
TRIALS, RUNGS = FOLDER / "trials.parquet", FOLDER / "rungs.parquet"

_KEPT = (
    "trial", "state", "size.params", "size.macs", "size.onnx_bytes",
    "structure.onnx", "amplifier_key", "cost.amplify_s", "cost.train_s",
)  # fmt: skip


def experiment() -> Experiment:
    """Return the experiment that made the table."""
    return load_experiment(str(FOLDER / "table.yaml"))


class Table:
    """What each recipe came to at each of its rungs, and what that takes."""

    def __init__(self, experiment: Experiment, trials: pl.DataFrame, rungs: pl.DataFrame) -> None:
        """Raises UserError where a recipe of the space is missing, or lacks a rung."""
        self.experiment = experiment
        self.rungs = experiment.student.rungs
        self.choices = {k: list(d.values) for k, d in experiment.search_space.varying.items()}
        rows = complete(trials).sort("trial").to_dicts()  # in the order in which they began
        self._rows = {self._name({n: row[f"param.{n}"] for n in self.choices}): row for row in rows}
        self._scores = {(row["trial"], row["rung"]): row for row in rungs.to_dicts()}
        self._check()
        self.amplifying = Amplifying.fitted(rows)
        self._train_s = median(row["cost.train_s"] for row in rows)
        self._counts = sorted({0, *self.choices["amplified"]})

    @classmethod
    def load(cls, trials: Path = TRIALS, rungs: Path = RUNGS) -> Self:
        """Read the table that `record` left."""
        return cls(experiment(), pl.read_parquet(trials), pl.read_parquet(rungs))

    def known(self, point: Point) -> Row:
        """Return the columns that do not depend on weights."""
        return {n: v for n, v in self._row(point).items() if untrained(n)}

    def scores(self, point: Point, rung: int) -> Row:
        """Return `quality.*` after so many steps."""
        row = self._scores[self._row(point)["trial"], rung]
        return {name: value for name, value in row.items() if name.startswith("quality.")}

    def values(self, row: Mapping[str, float]) -> list[float]:
        """Return a row's objectives."""
        return [row[objective.column] for objective in self.experiment.objectives]

    def volume(self, values: list[list[float]]) -> float:
        """Return the hypervolume of objectives over the experiment's references."""
        objectives = self.experiment.objectives
        told = np.array(values, dtype=float).reshape(-1, len(objectives))
        return hypervolume(told, [o.reference for o in objectives], [o.goal for o in objectives])

    def timing(self, point: Point) -> Work:
        """Return the timing of a recipe's untrained network."""
        return Work(("timing", self._row(point)["structure.onnx"]), TIMING * self._train_s)

    def amplification(self, point: Point) -> Iterator[Work]:
        """Yield the fine-tuning of a recipe's amplifier, and its images from the first on."""
        row = self._row(point)
        amplifier, count = row["amplifier_key"], row["param.amplified"]
        if count:
            yield Work(("fine-tune", amplifier), self.amplifying.fine_tune_s)
        for start, stop in pairwise(self._counts):
            if stop <= count:
                seconds = (stop - start) * self.amplifying.image_s
                yield Work(("images", amplifier, stop), seconds)

    def training(self, point: Point, rung: int) -> Work:
        """Return the training from the rung before to a rung."""
        before = max((r for r in self.rungs if r < rung), default=0)
        seconds = self.trained_s(point, rung) - self.trained_s(point, before)
        return Work(("train", self._name(point), rung), seconds)

    def trained_s(self, point: Point, rung: int) -> float:
        """Return the seconds of training up to a rung."""
        return float(self._row(point)["cost.train_s"]) * rung / self.experiment.student.steps

    def ending(self, point: Point) -> Work:
        """Return the export and the scoring of a recipe that is trained to the end."""
        return Work(("end", self._name(point)), ENDING * self._train_s)

    @cached_property
    def whole_s(self) -> float:
        """The seconds of every recipe, trained to the end."""
        points = self.experiment.search_space.points()
        works = {work for point in points for work in self._works(point)}
        return sum(sorted(work.seconds for work in works))

    @cached_property
    def whole_volume(self) -> float:
        """The hypervolume of every recipe, which no search can pass."""
        return self.volume([self.values(row) for row in self._rows.values()])

    def _works(self, point: Point) -> Iterator[Work]:
        yield self.timing(point)
        yield from self.amplification(point)
        yield from (self.training(point, rung) for rung in self.rungs)
        yield self.ending(point)

    def _row(self, point: Point) -> Row:
        return self._rows[self._name(point)]

    def _name(self, point: Point) -> Hashable:
        return tuple(point[name] for name in self.choices)

    def _check(self) -> None:
        points = list(self.experiment.search_space.points())
        missing = [point for point in points if self._name(point) not in self._rows]
        if missing:
            raise UserError(f"{len(missing)} recipes were not trained to the end: {missing[0]}, ..")
        for row in self._rows.values():
            for rung in self.rungs:
                if (row["trial"], rung) not in self._scores:
                    raise UserError(f"{row['trial']} was not scored after {rung} steps")


def record(folder: Path) -> Table:
    """Keep of a run of `table.yaml` what a table needs, beside this file; return the table."""
    ledger, made = Ledger(Run.open(folder)), experiment()
    scores = [o.column for o in made.objectives if not untrained(o.column)]
    scores = [name + end for name in scores for end in ("", "_lo", "_hi")]
    params = [f"param.{name}" for name in made.search_space.varying]
    speeds = [o.column for o in made.objectives if untrained(o.column)]
    # The load of the machine at that moment is not the recipe's.
    usual = pl.col("cost.train_s").median().over("structure.onnx")
    whole = complete(ledger.trials()).with_columns(usual)
    trials = whole.select(*_KEPT, *params, *speeds, *scores).sort("trial")
    rungs = ledger.rungs().select("trial", "rung", *scores).sort("trial", "rung")
    rungs = rungs.join(trials.select("trial"), on="trial", how="semi", maintain_order="left")
    table = Table(made, trials, rungs)
    trials.write_parquet(TRIALS, compression_level=19)
    rungs.write_parquet(RUNGS, compression_level=19)
    return table


def digest(*told: object) -> str:
    """Return a short name for the table, the code that replays others, and whatever is told."""
    names = ("table.yaml", "costs.py", "table.py", "replay.py", "peers.py")
    files = b"".join(path.read_bytes() for path in (TRIALS, RUNGS, *(FOLDER / n for n in names)))
    return hashlib.sha256(files + repr(told).encode()).hexdigest()[:12]
