"""A search run again on the recorded table, in simulated seconds.

Whatever was done once costs nothing again, for every method alike: a recipe that is asked for
twice, an amplifier, its images, an architecture's timing. Who asks while another worker is at it
waits for that worker, idle. Ray Tune by itself would train a recipe again: this is generous to
searches that repeat themselves. One that has repeated itself as often as there are recipes is not
asked any more.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Generator, Hashable
from itertools import count
from typing import Any, NamedTuple, Protocol

from searching.costs import Row, Work
from searching.table import Table

from paretint.config import Point

Handle = Any


class Search(Protocol):
    """What chooses recipes, and stops them; a handle is whatever a search tells its trials by.

    A row has the ledger's columns as far as the table has them: `param.*` of what varies, `size.*`,
    `speed.*`, `quality.*`, `cost.amplify_s` as paid by this trial, and `cost.train_s` so far.
    """

    def ask(self) -> tuple[Handle, Point] | None:
        """Return the next trial; None where there is none until another has told something."""

    def rung(self, handle: Handle, rung: int, row: Row) -> bool:
        """Take what a trial came to at a rung before the last; return whether it goes on."""

    def end(self, handle: Handle, state: str, row: Row) -> None:
        """Take a trial's end: `complete`, or `stopped` right after `rung` has said no."""


class Curve(NamedTuple):
    """The hypervolume of complete trials, from the seconds of work at which it was reached on.

    spent_s: the seconds of work in all, of finished and unfinished trials; trials by how they
    ended, `again` being those that cost nothing.
    """

    seconds: list[float]
    volumes: list[float]
    spent_s: float
    trials: dict[str, int]


class _Event(NamedTuple):
    """The moment at which a job goes on, and the seconds that it will have paid by then."""

    at_s: float
    number: int
    paid_s: float
    job: _Job


class _Job:
    """A trial that a worker is at."""

    def __init__(self, life: Generator[Work, float, str]) -> None:
        self.life = life
        self.paid_s = 0.0


class Replay:
    """Workers that ask a search for recipes, until so many seconds of their work are used up."""

    def __init__(self, table: Table, search: Search, workers: int, budget_s: float) -> None:
        self._table = table
        self._search = search
        self._workers = workers
        self._budget_s = budget_s
        self._ready: dict[Hashable, float] = {}
        self._events: list[_Event] = []
        self._numbers = count()
        self._now_s = self._spent_s = 0.0
        self._patience = len(list(table.experiment.search_space.points()))
        self._values: list[list[float]] = []
        self._seconds: list[float] = []
        self._volumes: list[float] = []
        self._trials: Counter[str] = Counter()

    def run(self) -> Curve:
        """Return how the hypervolume grew; trials cut off by the end of the budget are lost."""
        self._employ()
        while self._events:
            event = heapq.heappop(self._events)
            working = sum(1 for other in (event, *self._events) if other.paid_s)
            self._spent_s += working * (event.at_s - self._now_s)
            self._now_s = event.at_s
            if self._spent_s > self._budget_s:
                break
            self._go_on(event.job, event.paid_s)
            self._employ()
        spent_s = min(self._spent_s, self._budget_s)
        return Curve(self._seconds, self._volumes, spent_s, dict(self._trials))

    def _employ(self) -> None:
        """Give every idle worker a trial, as long as there are any."""
        while len(self._events) < self._workers and self._trials["again"] < self._patience:
            asked = self._search.ask()
            if asked is None:
                return
            job = _Job(self._life(*asked))
            self._begin(job, next(job.life))

    def _go_on(self, job: _Job, paid_s: float) -> None:
        job.paid_s += paid_s
        try:
            work = job.life.send(paid_s)
        except StopIteration as end:
            self._trials[end.value] += 1
            self._trials["again"] += not job.paid_s
        else:
            self._begin(job, work)

    def _begin(self, job: _Job, work: Work) -> None:
        """Have a job's next piece of work done, unless it is done or being done."""
        paid_s = 0.0 if work.name in self._ready else work.seconds
        at_s = self._ready.setdefault(work.name, self._now_s + work.seconds)
        if at_s > self._now_s:
            heapq.heappush(self._events, _Event(at_s, next(self._numbers), paid_s, job))
        else:
            self._go_on(job, paid_s)

    def _life(self, handle: Handle, point: Point) -> Generator[Work, float, str]:
        """Yield a trial's work, getting the seconds paid for it; return how it ended."""
        table, paid_s = self._table, 0.0
        yield table.timing(point)
        for work in table.amplification(point):
            paid_s += yield work
        for rung in table.rungs:
            yield table.training(point, rung)
            cost = {"cost.amplify_s": paid_s, "cost.train_s": table.trained_s(point, rung)}
            row = table.known(point) | cost | table.scores(point, rung)
            if rung < table.rungs[-1] and not self._search.rung(handle, rung, row):
                self._search.end(handle, "stopped", row)
                return "stopped"
        yield table.ending(point)
        self._grow(table.values(row))
        self._search.end(handle, "complete", row)
        return "complete"

    def _grow(self, values: list[float]) -> None:
        self._values.append(values)
        volume = self._table.volume(self._values)
        if volume > max(self._volumes, default=0.0):
            self._seconds.append(self._spent_s)
            self._volumes.append(volume)
