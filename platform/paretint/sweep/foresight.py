"""What recipes will come to: speeds and sizes as they are, qualities as they are expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.stats import norm, qmc

from paretint.config import Experiment, Point, Rule, untrained
from paretint.front import as_losses
from paretint.sweep.curves import Curves, Score
from paretint.sweep.features import Features
from paretint.sweep.files import Files
from paretint.sweep.gaussian import Numbers
from paretint.sweep.history import History, Row, recipe_of

DRAWS = 64


class Foresight:
    """Draws of the losses that recipes may come to, and the front that they are held against."""

    def __init__(self, experiment: Experiment, history: History) -> None:
        self._history = history
        self._learned = 0
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
        sobol = qmc.Sobol(len(self._columns), rng=experiment.seed)
        self._normal = norm.ppf(sobol.random(DRAWS))

    def learn(self) -> bool:
        """Learn from the history as it stands; return whether it was enough."""
        if self._history.seen != self._learned:
            self._learned = self._history.seen
            self.files.learn()
            for column, curves in self._curves.items():
                curves.learn(self._scores(column))
        return all(curves.ready for curves in self._curves.values())

    def draws(self, recipes: Sequence[Point], trials: Sequence[str] | None = None) -> Numbers:
        """Return losses ([draws, n, objectives]) that recipes may come to; after `learn`.

        trials: those that have begun with the recipes; None where none has.
        """
        drawn = []
        for normal, column in zip(self._normal.T, self._columns, strict=True):
            curves = self._curves.get(column)
            told = curves.expect(recipes, trials) if curves else self.files.expect(column, recipes)
            values = told.mean + normal[:, None] * told.deviation
            drawn.append(values if curves else np.exp(values))
        return as_losses(np.stack(drawn, axis=-1), self._goals)

    def front(self) -> Numbers:
        """Return the losses ([k, objectives]) of the complete trials that keep to the rules."""
        values = [
            [row[column] for column in self._columns]
            for row in self._history.in_state("complete")
            if all(rule.holds(row) for rule in self._rules)
        ]
        return as_losses(np.array(values, dtype=float).reshape(-1, len(self._columns)), self._goals)

    def beaten(self, recipe: Point, trial: str | None = None) -> float:
        """Return how probable it is that a complete trial dominates the recipe; after `learn`.

        trial: one that has begun with it.
        """
        draws = self.draws([recipe], None if trial is None else [trial])[:, 0]
        front = self.front()[:, None]
        ahead = (front <= draws).all(axis=-1) & (front < draws).any(axis=-1)
        return float(ahead.any(axis=0).mean())

    def broken(self, recipe: Point) -> Rule | None:
        """Return a rule that the recipe, or a file like its own, is known to break."""
        row = self.files.columns(recipe) | {f"param.{n}": value for n, value in recipe.items()}
        for rule in self._rules:
            if untrained(rule.column) and rule.column in row and not rule.holds(row):
                return rule
        return None

    def _scores(self, column: str) -> list[Score]:
        """Return what every trial came to at each of its rungs, or at its end where none tells.

        What is worse than the reference point counts no more than it, however bad: students
        that fall apart would have all others seem alike.
        """
        objective = self._objectives[column]
        worst = max if objective.goal == "maximize" else min
        name = column.replace("quality.coreml.", "quality.")  # rungs have no package yet
        return [
            Score(row["trial"], recipe_of(row), worst(value, objective.reference), share)
            for row in self._history.trials.values()
            for share, value in self._told(row, name)
        ]

    def _told(self, row: Row, column: str) -> Iterator[tuple[float, float]]:
        """Yield the shares of a trial's training at which a column is known, with its values."""
        rungs = self._history.rungs.get(row["trial"], {})
        told = {rung: scores[column] for rung, scores in rungs.items() if scores.get(column)}
        if not told and row.get("state") == "complete" and row.get(column) is not None:
            told = {self._steps: row[column]}
        for rung, value in told.items():
            yield rung / self._steps, value
