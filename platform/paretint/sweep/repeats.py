"""Which recipe is worth another seed."""

from __future__ import annotations

import numpy as np
import polars as pl

from paretint.config import Experiment, Point
from paretint.front import membership, replicates
from paretint.front.arrays import Floats
from paretint.sweep.history import History, Row, recipe_of
from paretint.sweep.warm import point_of

_SURE = 0.05
"""A recipe that is of the front with less probability, or with one as near to 1, is settled."""


class Repeats:
    """The seeds of recipes that are tried again, and the recipe that should be."""

    def __init__(self, experiment: Experiment, history: History) -> None:
        self._experiment = experiment
        self._history = history
        self._first = experiment.seed + experiment.student.seed

    def seed(self, recipe: Point) -> int:
        """Return the seed of a recipe's next trial: another than those it has had.

        Of a recipe that was stopped, and never trained to its end, it is the one that was stopped.
        """
        begun = self._history.in_state(None, "complete", "stopped")
        had = [row for row in begun if recipe_of(row) == recipe]
        if had and all(row.get("state") == "stopped" for row in had):
            return int(had[-1].get("seed", self._first))
        return self._first + len(had)

    @property
    def due(self) -> bool:
        """Whether all trials that the budget allows recipes of their own have begun."""
        seeds = [row.get("seed", self._first) for row in self._history.trials.values()]
        return seeds.count(self._first) >= self._experiment.recipes

    def next(self) -> Point | None:
        """Return the point whose place on the front another seed would settle most.

        The variance of whether it is of the front, over its trials so far: more of them move it
        less. None where every place is settled.
        """
        rows = list(self._history.in_state("complete"))
        if not rows:
            return None
        table = pl.DataFrame(rows, infer_schema_length=None)
        share = membership(table, self._experiment.objectives)
        rows = [self._history.trials[name] for name in share["trial"]]
        likely = share["membership"].to_numpy()
        worth = likely * (1 - likely) / self._begun(rows)
        unsettled = np.flatnonzero((likely > _SURE) & (likely < 1 - _SURE))
        for index in unsettled[np.argsort(-worth[unsettled], kind="stable")]:
            point = point_of(self._experiment.search_space, recipe_of(rows[index]))
            if point is not None:
                return point
        return None

    def _begun(self, rows: list[Row]) -> Floats:
        """Return how many trials each row's recipe has, those that run among them."""
        running = [recipe_of(row) for row in self._history.in_state(None)]
        known = replicates(pl.DataFrame(rows, infer_schema_length=None))
        more = [running.count(recipe_of(row)) for row in rows]
        begun: Floats = known.counts[known.of] + np.array(more, dtype=float)
        return begun
