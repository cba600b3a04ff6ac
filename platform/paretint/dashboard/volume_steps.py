"""What the figure of a search's progress shows, as plain data: hypervolume as trials came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from paretint.config import Objective
from paretint.dashboard.view import RunView
from paretint.front import volume_progress, with_columns

BEGAN, ENDED = "time.began", "time.ended"
STAGES = ("cost.speed_s", "cost.amplify_s", "cost.train_s", "cost.ship_s")

Spent = Literal["trials", "time", "work"]
"""What a search spends, and its hypervolume is told over."""


@dataclass(frozen=True)
class VolumeStep:
    """A trial after which the hypervolume had grown.

    Attributes:
        trial: its name.
        volume: the hypervolume from then on, in the product of the objectives' units.
        trials: how many trials were over by then, this one included.
        elapsed_s: seconds from the start of the first trial to the end of this one; None where
            the ledger does not tell.
        work_s: seconds of work in all trials until then, over all workers.
    """

    trial: str
    volume: float
    trials: int
    elapsed_s: float | None
    work_s: float

    def spent(self, what: Spent) -> float | None:
        """How much of ``what`` was spent by then: trials, or seconds."""
        known = {"trials": self.trials, "time": self.elapsed_s, "work": self.work_s}
        return known[what]


@dataclass(frozen=True)
class VolumePicture:
    """All that the figure of a search's progress shows, as plain data.

    Attributes:
        objectives: what the hypervolume is over.
        steps: where it grew, and the last trial.
    """

    objectives: tuple[Objective, ...]
    steps: tuple[VolumeStep, ...]

    @property
    def told(self) -> tuple[Spent, ...]:
        """What the ledger tells to be spent; older versions did not write when trials ended."""
        spent: tuple[Spent, ...] = ("trials", "time", "work")
        return tuple(what for what in spent if any(step.spent(what) for step in self.steps))


def volume_picture(run: RunView) -> VolumePicture:
    """The hypervolume of ``run`` after each trial that made it grow, and after the last.

    Trials come in the order in which they ended. Those that are not complete add nothing to the
    hypervolume, but to the trials, the time and the work.
    """
    objectives = run.experiment.objectives
    counts, volumes = volume_progress(
        _values(run.trials, objectives),
        [objective.reference for objective in objectives],
        [objective.goal for objective in objectives],
    )
    grown = np.append(np.diff(volumes, prepend=0.0)[:-1] > 0, True) if len(counts) else counts > 0
    spent = _spent(run.trials)[counts[grown] - 1]
    steps = zip(spent.iter_rows(named=True), volumes[grown], counts[grown], strict=True)
    return VolumePicture(
        objectives,
        tuple(
            VolumeStep(row["trial"], float(volume), int(count), row["elapsed_s"], row["work_s"])
            for row, volume, count in steps
        ),
    )


def _values(trials: pl.DataFrame, objectives: Sequence[Objective]) -> NDArray[np.float64]:
    """The objectives of every trial, [n, m]; NaN where it is not complete."""
    columns = [objective.column for objective in objectives]
    rows = with_columns(trials, columns)
    done = pl.col("state") == "complete"
    return rows.select(
        pl.when(done).then(pl.col(name).cast(pl.Float64)).fill_null(np.nan) for name in columns
    ).to_numpy()


def _spent(trials: pl.DataFrame) -> pl.DataFrame:
    """For every trial, the time and the work that it and those before it took."""
    rows = with_columns(trials, [BEGAN, ENDED, *STAGES])
    ended = pl.col(ENDED).cast(pl.Float64)
    return rows.select(
        "trial",
        elapsed_s=(ended.cum_max().forward_fill() - pl.col(BEGAN).cast(pl.Float64).min()),
        work_s=pl.sum_horizontal(pl.col(stage).cast(pl.Float64) for stage in STAGES).cum_sum(),
    )
