"""Several runs over one reference point, and how far each is from the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from paretint.config import Goal, Objective
from paretint.front.arrays import Floats
from paretint.front.dominance import non_dominated
from paretint.front.entrants import Entrant, RunFront, draw_scores, run_front
from paretint.front.measures import Estimate
from paretint.front.volume import hypervolume, hypervolumes

_DRAWS = 1000
# Of more than two objectives, hypervolumes are measured one by one.
_FEWER = 200
MOST_DRAWN = 3
"""Objectives beyond which a hypervolume has no interval: of each draw, it would take a second."""


class Compared(NamedTuple):
    """A number of a run with its 95 % interval, and the same of its difference from the base's.

    ``over`` is None for the base itself, and where it has nothing to be compared with.
    """

    value: Estimate
    over: Estimate | None = None

    def verdict(self, goal: Goal) -> str:
        """``better`` or ``worse`` where the interval of the difference leaves no doubt.

        Empty where there is no difference with an interval.
        """
        if self.over is None or self.over.lo is None or self.over.hi is None:
            return ""
        if self.over.lo <= 0 <= self.over.hi:
            return "not sure"
        return "better" if (self.over.value > 0) == (goal == "maximize") else "worse"


@dataclass(frozen=True)
class Standing:
    """How a run stands in a comparison.

    Attributes:
        front: its front.
        hypervolume: over the shared reference point.
        best: of each objective, the best of the run.
        joint: how many recipes of its front no recipe of another run dominates.
        unpaired: why its quality is not compared with the base's face by face; empty where it is.
    """

    front: RunFront
    hypervolume: Compared
    best: tuple[Compared, ...]
    joint: int
    unpaired: str


def shared_objectives(stated: Sequence[Sequence[Objective]]) -> tuple[Objective, ...]:
    """The first of ``stated``, each with the loosest reference that any run has for its column."""
    return tuple(_loosest(objective, stated) for objective in stated[0])


def _loosest(objective: Objective, stated: Sequence[Sequence[Objective]]) -> Objective:
    same = (objective.column, objective.goal)
    references = [o.reference for of in stated for o in of if (o.column, o.goal) == same]
    loosest = min(references) if objective.goal == "maximize" else max(references)
    return objective.model_copy(update={"reference": loosest})


def compare(entrants: Sequence[Entrant], objectives: Sequence[Objective]) -> tuple[Standing, ...]:
    """How each of ``entrants`` stands against the first, over ``objectives``.

    An interval says how sure the scores of a run's front are (see `draw_scores`), not what
    another search would find. Drawing lifts a front, whose points were picked as the best; the
    lift is taken off. The same ledgers give the same intervals.

    Raises:
        ValueError: a run has no complete trial with every objective.
    """
    fronts = [run_front(entrant, objectives) for entrant in entrants]
    joint = _joint(fronts, objectives)
    drawn = [_Drawn.of(front, objectives) for front in fronts]
    first = Standing(fronts[0], *_compared(drawn[0], None), joint[0], "")
    others = zip(fronts[1:], drawn[1:], joint[1:], strict=True)
    return first, *(
        Standing(front, *_compared(own, drawn[0]), count, _unpaired(front, fronts[0]))
        for front, own, count in others
    )


class _Drawn(NamedTuple):
    """A run's numbers, the hypervolume first and then the best of each objective, [1 + m]; and
    how else they could have come out, [draws, 1 + m]."""

    numbers: Floats
    draws: Floats

    @classmethod
    def of(cls, front: RunFront, objectives: Sequence[Objective]) -> _Drawn:
        references, goals = [o.reference for o in objectives], [o.goal for o in objectives]
        ends = [np.argmax if goal == "maximize" else np.argmin for goal in goals]
        best = [int(end(column)) for end, column in zip(ends, front.values.T, strict=True)]
        volume = hypervolume(front.values, references, goals)
        scores = draw_scores(front, objectives, _DRAWS if len(goals) == 2 else _FEWER)
        drawable = len(goals) <= MOST_DRAWN
        volumes = hypervolumes(scores, references, goals) if drawable else [volume] * len(scores)
        places = range(len(goals))
        return cls(
            numbers=np.array([volume, *front.values[best, places]]),
            draws=np.column_stack([volumes, scores[:, best, places]]),
        )


def _joint(fronts: Sequence[RunFront], objectives: Sequence[Objective]) -> list[int]:
    """For each front how many of its recipes are of the front of all runs."""
    values = np.concatenate([front.values for front in fronts])
    members = non_dominated(values, [o.goal for o in objectives])
    ends = np.cumsum([len(front.values) for front in fronts])
    return [int(part.sum()) for part in np.split(members, ends[:-1])]


def _compared(own: _Drawn, base: _Drawn | None) -> tuple[Compared, tuple[Compared, ...]]:
    """The hypervolume, and the best of each objective."""
    values = map(_estimate, own.numbers, own.draws.T)
    if base is None:
        volume, *best = (Compared(value) for value in values)
    else:
        over = map(_estimate, own.numbers - base.numbers, (own.draws - base.draws).T)
        volume, *best = map(Compared, values, over)
    return volume, tuple(best)


def _estimate(value: float, draws: Floats) -> Estimate:
    """``value`` with the 95 % interval that draws around it leave."""
    low, high = np.percentile(draws, [2.5, 97.5]) - draws.mean()
    if not (high > low):
        return Estimate(float(value))
    return Estimate(float(value), float(value + low), float(value + high))


def _unpaired(front: RunFront, base: RunFront) -> str:
    mine, other = front.faces, base.faces
    if isinstance(other, str):
        return other
    if isinstance(mine, str):
        return mine
    return "" if mine.faces == other.faces else f"{front.run} and {base.run} held out unlike faces"
