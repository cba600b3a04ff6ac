"""What a sweep has seen so far, in the memory of its driver: what its decisions are made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paretint.config import Point
from paretint.config.columns import COREML_QUALITY
from paretint.store import Ledger, Run

Row = dict[str, Any]

_PARAM = "param."


class History:
    """The rows of trials, of those still running too, and of their rungs.

    ended: the names of trials in the order in which they ended; stopped: why a trial was stopped
    whose row is not written yet; seen: how many rows there were, which tells whether anything is
    new.

    The ledger keeps the same; to read it again for each decision would take longer than most.
    """

    def __init__(self) -> None:
        self.trials: dict[str, Row] = {}
        self.rungs: dict[str, dict[int, Row]] = {}
        self.ended: list[str] = []
        self.stopped: dict[str, str] = {}
        self.seen = 0

    @classmethod
    def of(cls, run: Run) -> History:
        """Return what a run's ledger holds."""
        history = cls()
        for row in Ledger(run).trials().to_dicts():
            history.saw_trial(row)
        for row in Ledger(run).rungs().to_dicts():
            history.saw_rung(row)
        return history

    def saw_trial(self, row: Row) -> None:
        """Take a trial's row, in the place of an earlier one; a running trial's has no state."""
        self.seen += 1
        name = row["trial"]
        self.trials[name] = {k: v for k, v in row.items() if v is not None}
        if row.get("state") is not None and name not in self.ended:
            self.ended.append(name)

    def saw_rung(self, row: Row) -> None:
        """Take what a trial came to at a rung."""
        rungs = self.rungs.setdefault(row["trial"], {})
        if rungs.get(row["rung"]) != row:  # the scheduler sees a rung before the recorder does
            self.seen += 1
            rungs[row["rung"]] = row

    @property
    def running(self) -> int:
        """How many trials have not ended."""
        return sum(1 for _ in self.in_state(None))

    def in_state(self, *states: str | None) -> Iterator[Row]:
        """Yield the rows of some states, the earliest first; None is that of running trials."""
        return (row for row in self.trials.values() if row.get("state") in states)

    def stopped_before(self, row: Row) -> Row | None:
        """Return the trial of the row's recipe and seed that was stopped at a rung, if any."""
        wanted = recipe_of(row), row.get("seed")
        same = (r for r in self.in_state("stopped") if (recipe_of(r), r.get("seed")) == wanted)
        return next((r for r in same if r["trial"] in self.rungs), None)

    def at_rung(self, rung: int) -> Iterator[tuple[Row, Row]]:
        """Yield the row and the rung of every trial that has reached a rung."""
        for name, rungs in self.rungs.items():
            if rung in rungs and name in self.trials:
                yield self.trials[name], rungs[rung]


def params_of(recipe: Point) -> Row:
    """Return a recipe's columns of the ledger."""
    return {f"{_PARAM}{name}": value for name, value in recipe.items()}


def recipe_of(row: Row) -> Point:
    """Return a row's recipe by parameter."""
    return {n.removeprefix(_PARAM): v for n, v in row.items() if n.startswith(_PARAM)}


def scored(scores: Row, column: str) -> float | None:
    """Return what a rung says of a column; of a Core ML package, what its network has.

    There is no package yet, and it will hold that network.
    """
    value: float | None = scores.get(column.replace(COREML_QUALITY, "quality."))
    return value
