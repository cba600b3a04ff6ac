"""What recipes will come to: speeds and sizes as they are, qualities as they are expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from paretint.config import Experiment, Point, broken_rule, untrained
from paretint.front import as_losses
from paretint.front.arrays import Floats
from paretint.store import Run
from paretint.sweep.curves import Curves, Score
from paretint.sweep.features import Features
from paretint.sweep.files import Files
from paretint.sweep.history import History, Row, params_of, recipe_of, scored

DRAWS = 64


class Earlier(NamedTuple):
    """What another run came to, and the steps of a whole training there."""

    history: History
    steps: int

    @classmethod
    def of(cls, run: Run) -> Earlier | None:
        """Return what a run's earlier one came to, where it has one."""
        told = run.earlier
        return None if told is None else cls(History.of(told), told.experiment.student.steps)


class Foresight:
    """Draws of the losses that recipes may come to, and the front that they are held against."""

    def __init__(
        self, experiment: Experiment, history: History, earlier: Earlier | None = None
    ) -> None:
        """earlier: what a run came to that this one learns from."""
        self._history = history
        self._earlier = earlier
        self._learned = -1
        self._rules = experiment.constraints
        self._objectives = {objective.column: objective for objective in experiment.objectives}
        self._columns = list(self._objectives)
        self._goals = [objective.goal for objective in experiment.objectives]
        self._steps = experiment.student.steps
        self.files = Files(experiment.search_space, history)
        share = experiment.student.rungs[0] / self._steps
        self._curves = {
            column: Curves(Features(experiment.search_space), share)
            for column in self._columns
            if not untrained(column)
        }
        self._seed = experiment.seed

    @cached_property
    def _normal(self) -> Floats:
        """The normal draws ([DRAWS, objectives]) that all recipes share."""
        from scipy.stats import norm, qmc  # a second, which sweeps that foresee nothing save

        sobol = qmc.Sobol(len(self._columns), rng=self._seed)
        normal: Floats = norm.ppf(sobol.random(DRAWS))
        return normal

    def learn(self) -> bool:
        """Learn from the history as it stands; return whether it was enough."""
        if self._history.seen != self._learned:
            self._learned = self._history.seen
            self.files.learn()
            for column, curves in self._curves.items():
                curves.learn(self._scores(column))
        return all(curves.ready for curves in self._curves.values())

    def draws(self, recipes: Sequence[Point], trials: Sequence[str] | None = None) -> Floats:
        """Return losses ([draws, n, objectives]) that recipes may come to; after `learn`.

        trials: those that have begun with the recipes; None where none has.
        """
        drawn = []
        for normal, column in zip(self._normal.T, self._columns, strict=True):
            curves = self._curves.get(column)
            if curves is None:
                drawn.append(self.files.draws(column, recipes, normal))
            else:
                told = curves.expect(recipes, trials)
                drawn.append(told.mean + normal[:, None] * told.deviation)
        return as_losses(np.stack(drawn, axis=-1), self._goals)

    def front(self) -> Floats:
        """Return the losses ([k, objectives]) of the complete trials that keep to the rules."""
        values = [
            [row[column] for column in self._columns]
            for row in self._history.in_state("complete")
            if all(rule.holds(row) for rule in self._rules)
        ]
        return as_losses(np.array(values, dtype=float).reshape(-1, len(self._columns)), self._goals)

    def beaten(self, recipes: Sequence[Point], trials: Sequence[str] | None = None) -> Floats:
        """Return how probable it is ([n]) that a complete trial dominates each; after `learn`.

        trials: as in `draws`.
        """
        draws = self.draws(recipes, trials)
        front = self.front()[:, None, None]
        ahead = (front <= draws).all(axis=-1) & (front < draws).any(axis=-1)
        share: Floats = ahead.any(axis=0).mean(axis=0)
        return share

    def broken(self, recipe: Point) -> str | None:
        """Return the rule that the recipe, or a file like its own, is known to break."""
        if not self._rules:
            return None
        row = self.files.columns(recipe) | params_of(recipe)
        return broken_rule((rule for rule in self._rules if rule.column in row), row)

    def _scores(self, column: str) -> list[Score]:
        """Return what every trial came to at each of its rungs, or at its end where none tells.

        What is worse than the reference point counts no more than it, however bad: students
        that fall apart would have all others seem alike.
        """
        counted = self._objectives[column].counted
        scores = [*_scores(self._history, self._steps, column)]
        if self._earlier is not None:
            scores = [*_scores(*self._earlier, column, earlier=True), *scores]
        return [score._replace(value=counted(score.value)) for score in scores]


def _scores(history: History, steps: int, column: str, earlier: bool = False) -> Iterator[Score]:
    for row in history.trials.values():
        trial = f"{row['trial']}, earlier" if earlier else row["trial"]
        for share, value in _told(history, row, column, steps).items():
            yield Score(trial, recipe_of(row), value, share, earlier)


def _told(history: History, row: Row, column: str, steps: int) -> dict[float, float]:
    """Return a trial's values of a column by the shares of its training that they come after."""
    rungs = history.rungs.get(row["trial"], {})
    found = {rung / steps: scored(scores, column) for rung, scores in rungs.items()}
    told = {share: value for share, value in found.items() if value is not None}
    if not told and row.get("state") == "complete" and column in row:
        return {1.0: row[column]}
    return told
