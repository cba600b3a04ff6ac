"""Several runs held against one of them, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from paretint.config import Objective
from paretint.dashboard.view import RunView
from paretint.front import (
    MOST_DRAWN,
    Compared,
    Entrant,
    Standing,
    compare,
    complete,
    measure,
    mixed_provenance,
    provenances,
    shared_objectives,
)
from paretint.store import read_heldout

HYPERVOLUME = "Hypervolume"
NOT_DRAWN = f"Hypervolumes over more than {MOST_DRAWN} objectives are told without an interval."


@dataclass(frozen=True)
class Comparison:
    """Runs against the first one that has a complete trial.

    Attributes:
        objectives: what they are compared over, with the reference point that they share.
        standings: a run each, the one that the others are held against first; empty where none
            has a complete trial.
        notes: what to know before believing it, a line each.
    """

    objectives: tuple[Objective, ...]
    standings: tuple[Standing, ...]
    notes: tuple[str, ...]

    @property
    def repeated(self) -> bool:
        """Whether any recipe was trained from several seeds."""
        return any(standing.front.repeated for standing in self.standings)

    def numbers(self) -> Iterator[tuple[str, Objective | None, tuple[Compared, ...]]]:
        """What is compared: its title, its objective where it is one, and each run's number."""
        yield HYPERVOLUME, None, tuple(s.hypervolume for s in self.standings)
        for place, objective in enumerate(self.objectives):
            best = tuple(s.best[place] for s in self.standings)
            yield f"Best {measure(objective.column).title}", objective, best


def comparison(runs: Sequence[RunView]) -> Comparison:
    """``runs`` over the objectives of the first, and the loosest reference that any has."""
    objectives = shared_objectives([run.experiment.objectives for run in runs])
    columns = [objective.column for objective in objectives]
    done = {run.name: not complete(run.trials, columns).is_empty() for run in runs}
    entered = [run for run in runs if done[run.name]]
    entrants = [Entrant(run.name, run.trials, partial(read_heldout, run.folder)) for run in entered]
    standings = compare(entrants, objectives) if entrants else ()
    rows = [row for standing in standings for row in standing.front.rows]
    speeds = provenances(pl.DataFrame(rows, infer_schema_length=None), columns)
    notes = (
        *_without_trials([run for run in runs if not done[run.name]], columns),
        *_other_objectives(runs, objectives),
        *_other_faces(entered),
        *(f"{note}." for note in mixed_provenance(speeds)),
        *([NOT_DRAWN] if len(objectives) > MOST_DRAWN else []),
        *dict.fromkeys(_drawn_apart(s.unpaired) for s in standings if s.unpaired),
    )
    return Comparison(objectives, standings, notes)


def _without_trials(runs: Sequence[RunView], columns: Sequence[str]) -> Iterator[str]:
    for run in runs:
        if complete(run.trials).is_empty():
            yield f"{run.name} is left out: no trial of it is complete."
        else:
            yield f"{run.name} is left out: no trial of it has {' and '.join(columns)}."


def _other_objectives(runs: Sequence[RunView], objectives: Sequence[Objective]) -> Iterator[str]:
    wanted = {(o.column, o.goal) for o in objectives}
    others = [
        run for run in runs if {(o.column, o.goal) for o in run.experiment.objectives} != wanted
    ]
    told = [f"{run.name} has {_listed(run.experiment.objectives)}" for run in others]
    if told:
        yield (
            f"Objectives differ: {'; '.join(told)}. All runs are compared over those of"
            f" {runs[0].name}: {_listed(objectives)}."
        )
    elif any(set(run.experiment.objectives) != set(objectives) for run in runs):
        yield (
            "Reference points differ: the loosest counts for all, so a hypervolume may be larger"
            " here than on the Front page."
        )


def _listed(objectives: Sequence[Objective]) -> str:
    return " and ".join(f"{o.goal} {o.column}" for o in objectives)


def _other_faces(runs: Sequence[RunView]) -> Iterator[str]:
    faces = {run.name: _faces_text(run) for run in runs}
    first = next(iter(faces), "")
    others = [f"{name} has {told}" for name, told in faces.items() if told != faces[first]]
    if others:
        yield (
            f"Faces differ: {first} has {faces[first]}; {'; '.join(others)}. Qualities do not"
            " compare like with like."
        )


def _faces_text(run: RunView) -> str:
    faces = run.experiment.faces
    return f"{faces.source} faces, {faces.style}, {faces.size}×{faces.size}"


def _drawn_apart(reason: str) -> str:
    return (
        f"{reason}: the faces of each run are drawn apart, which makes the intervals of differences"
        " in quality wider."
    )
