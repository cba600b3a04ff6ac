"""What the timeline of a search shows, as plain data: who worked on which trial, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from paretint.dashboard.view import RunView
from paretint.dashboard.volume_steps import BEGAN, ENDED, STAGES
from paretint.front import recipe_text, with_columns

WORKER = "worker"


class Stretch(NamedTuple):
    """A part of a trial: the column of its stage, when it begins, and how long it takes.

    Both in seconds; the beginning since the first trial of the run began.
    """

    stage: str
    begin_s: float
    seconds: float


@dataclass(frozen=True)
class TimelineBar:
    """One trial on the timeline.

    Attributes:
        trial, worker: its name, and the process that ran it, "host:pid".
        state: how it ended.
        begin_s, end_s: seconds since the first trial of the run began.
        stretches: what its stages took, one after the other in the order of the work. Training
            and scoring take turns; each is told as one.
        story: lines that tell how it ended and its recipe, as plain text.
    """

    trial: str
    worker: str
    state: str
    begin_s: float
    end_s: float
    stretches: tuple[Stretch, ...]
    story: tuple[str, ...]


@dataclass(frozen=True)
class TimelinePicture:
    """All that a timeline shows, as plain data.

    Attributes:
        workers: the processes that ran the shown trials, the first to begin first.
        bars: the shown trials, the first to begin first.
        earlier: how many trials before these are left out.
        unknown: how many trials no worker tells of: they never began, or their process died.
    """

    workers: tuple[str, ...]
    bars: tuple[TimelineBar, ...]
    earlier: int
    unknown: int


def has_timeline(run: RunView) -> bool:
    """Whether the ledger tells who worked on a trial, and when; older versions did not write it."""
    return not _dated(run.trials).is_empty()


def timeline_picture(run: RunView, most: int = 200) -> TimelinePicture:
    """The last ``most`` trials of ``run`` by worker; empty where `has_timeline` is not."""
    dated = _dated(run.trials).sort(BEGAN, "trial")
    shown = dated.tail(most)
    origin = dated[BEGAN].item(0) if dated.height else 0.0
    varying = [c for c in shown.columns if c.startswith("param.") and shown[c].n_unique() > 1]
    return TimelinePicture(
        workers=tuple(shown[WORKER].unique(maintain_order=True)),
        bars=tuple(_bar(row, origin, varying) for row in shown.iter_rows(named=True)),
        earlier=dated.height - shown.height,
        unknown=run.trials.height - dated.height,
    )


def _dated(trials: pl.DataFrame) -> pl.DataFrame:
    return with_columns(trials, [WORKER, BEGAN, ENDED]).drop_nulls([WORKER, BEGAN, ENDED])


def _bar(row: dict[str, Any], origin: float, varying: list[str]) -> TimelineBar:
    begin, end = row[BEGAN] - origin, row[ENDED] - origin
    ending = " ".join(filter(None, [row["state"], row.get("reason")]))
    recipe = recipe_text({name: row[name] for name in varying})
    return TimelineBar(
        trial=row["trial"],
        worker=row[WORKER],
        state=row["state"],
        begin_s=begin,
        end_s=end,
        stretches=_stretches(row, begin),
        story=tuple(filter(None, [ending, recipe])),
    )


def _stretches(row: dict[str, Any], begin: float) -> tuple[Stretch, ...]:
    found = []
    for stage in STAGES:
        seconds = row.get(stage) or 0.0
        if seconds > 0:
            found.append(Stretch(stage, begin, seconds))
            begin += seconds
    return tuple(found)
