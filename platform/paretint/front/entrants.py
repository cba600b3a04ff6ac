"""The recipes that are a run's front, and how else their scores could have come out."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from paretint.config import Objective
from paretint.front.arrays import Floats
from paretint.front.dominance import non_dominated
from paretint.front.intervals import arms
from paretint.front.measures import ARM, Estimate
from paretint.front.members import complete
from paretint.front.replicates import Replicates, replicates
from paretint.store import FACE

_QUALITY = "quality."


class Entrant(NamedTuple):
    """A run that others are compared with.

    trials: its ledger; heldout: a trial's scores by face, by its name, or None where there are
    none (`paretint.store.read_heldout`).
    """

    name: str
    trials: pl.DataFrame
    heldout: Callable[[str], pl.DataFrame | None]


@dataclass(frozen=True)
class RunFront:
    """The recipes of a run that no other of its recipes dominates.

    Trials of one recipe from several seeds stand for their mean.

    Attributes:
        run: the run's name.
        complete: how many complete trials with every objective the run has.
        rows: the ledger's rows of the front's trials.
        recipes: which of these are of one recipe.
        values: [k, m], of each recipe and objective.
        below, above: [k, m], the arms of these values' 95 % intervals, 0 where there are none.
        luck: [m], the variance that seeds alone make, 0 where no recipe had two.
        repeated: whether a recipe of the run was trained from more than one seed.
        faces: the scores by face of the trials, or why there are none to use.
    """

    run: str
    complete: int
    rows: tuple[dict[str, Any], ...]
    recipes: Replicates
    values: Floats
    below: Floats
    above: Floats
    luck: Floats
    repeated: bool
    faces: FaceScores | str

    def trials(self, recipe: int) -> tuple[str, ...]:
        """The names of a recipe's trials."""
        return tuple(self.rows[i]["trial"] for i in np.flatnonzero(self.recipes.of == recipe))

    def estimates(self, recipe: int) -> tuple[Estimate, ...]:
        """A recipe's values with their intervals."""
        parts = (self.values[recipe], self.below[recipe], self.above[recipe])
        return tuple(
            Estimate(value, value - low, value + high) if low or high else Estimate(value)
            for value, low, high in zip(*(part.tolist() for part in parts), strict=True)
        )


class FaceScores(NamedTuple):
    """Scores of trials on the same held-out faces.

    faces: one text for which faces these are, and in which order; tables: a trial each.
    """

    faces: str
    tables: tuple[pl.DataFrame, ...]


def run_front(entrant: Entrant, objectives: Sequence[Objective]) -> RunFront:
    """The front of a run over ``objectives``.

    Raises:
        ValueError: no trial is complete with a number in each.
    """
    columns = [objective.column for objective in objectives]
    rows = complete(entrant.trials, columns)
    if rows.is_empty():
        raise ValueError(f"{entrant.name} has no complete trial with {', '.join(columns)}")
    values = rows.select(columns).cast(pl.Float64).to_numpy()
    found = replicates(rows)
    means = found.mean(values)
    members = np.flatnonzero(non_dominated(means, [o.goal for o in objectives]))
    kept = np.flatnonzero(np.isin(found.of, members))
    recipes = Replicates(np.searchsorted(members, found.of[kept]), found.counts[members])
    front = rows[kept]
    reach = [arms(front, column) for column in columns]
    below, above = (recipes.mean(np.stack(side, axis=1)) for side in zip(*reach, strict=True))
    return RunFront(
        run=entrant.name,
        complete=rows.height,
        rows=tuple(front.iter_rows(named=True)),
        recipes=recipes,
        values=means[members],
        below=below,
        above=above,
        luck=found.variance(values),
        repeated=bool((found.counts > 1).any()),
        faces=_face_scores(entrant, front["trial"].to_list(), columns),
    )


def _face_scores(
    entrant: Entrant, trials: Sequence[str], columns: Sequence[str]
) -> FaceScores | str:
    wanted = [column for column in columns if column.startswith(_QUALITY)]
    if not wanted:
        return FaceScores("", ())
    tables = []
    for trial in trials:
        table = _readable(entrant.heldout(trial), wanted)
        if table is None:
            return f"{entrant.name} has no scores by face of {trial}"
        tables.append(table)
    faces = {" ".join(table[FACE]) for table in tables}
    if len(faces) > 1:
        return f"{entrant.name} scored its trials on unlike faces"
    return FaceScores(faces.pop(), tuple(tables))


def _readable(table: pl.DataFrame | None, wanted: Sequence[str]) -> pl.DataFrame | None:
    """The faces and the wanted scores, where there is a finite number for every face."""
    if table is None or table.is_empty() or not {FACE, *wanted} <= set(table.columns):
        return None
    numbers = pl.col(wanted).cast(pl.Float64, strict=False)
    found = table.select(pl.col(FACE).cast(pl.String), numbers)
    return found if np.isfinite(found.select(wanted).to_numpy()).all() else None


def draw_scores(front: RunFront, objectives: Sequence[Objective], draws: int) -> Floats:
    """How else the values of a front could have come out, [draws, k, m].

    What runs have in common is drawn alike for all of them, and so has no part in their
    difference: held-out faces are drawn anew for all that were scored on them, and a speed for
    all that share its timing. A quality without scores by face moves as a whole, by a normal
    distribution whose halves have the arms of its interval: all of a run's trials met the same
    faces. At last each recipe has the luck of its seeds.
    """
    drawn = np.repeat(front.values[None], draws, axis=0)
    for place, objective in enumerate(objectives):
        drawn[:, :, place] += _errors(front, place, objective.column, draws)
    if front.luck.any():
        drawn += _luck(front, draws)
    return drawn


def _errors(front: RunFront, place: int, column: str, draws: int) -> Floats:
    """What drew an objective's values away from the true ones, [draws, k]."""
    if not column.startswith(_QUALITY):
        keys = [repr((column, value)) for value in front.values[:, place]]
    elif isinstance(front.faces, FaceScores):
        return _over_faces(front, front.faces, column, draws)
    else:
        keys = [repr((column, front.run))] * len(front.values)
    errors = np.stack([_normal(key, draws) for key in keys], axis=1)
    arm = np.where(errors < 0, front.below[:, place], front.above[:, place])
    scaled: Floats = errors * arm / ARM
    return scaled


def _over_faces(front: RunFront, scored: FaceScores, column: str, draws: int) -> Floats:
    """The bootstrap over held-out faces: the same faces are drawn for all that met them."""
    by_trial = np.stack([table[column].to_numpy() for table in scored.tables])
    by_recipe = front.recipes.mean(by_trial)
    count = by_recipe.shape[1]
    errors: Floats = _shares(scored.faces, count, draws) @ by_recipe.T - by_recipe.mean(axis=1)
    return errors


@lru_cache(maxsize=8)
def _shares(faces: str, count: int, draws: int) -> Floats:
    """What share each face has of a draw, [draws, count]; remembered, as runs share their faces."""
    drawn = _generator(faces).multinomial(count, np.full(count, 1 / count), draws)
    shares: Floats = drawn / count
    return shares


def _luck(front: RunFront, draws: int) -> Floats:
    keys = [repr(("luck", front.run, front.trials(k))) for k in range(len(front.values))]
    errors = [_normal(key, draws * len(front.luck)).reshape(draws, -1) for key in keys]
    deviations = np.sqrt(front.luck / front.recipes.counts[:, None])
    lucky: Floats = np.stack(errors, axis=1) * deviations
    return lucky


def _normal(key: str, count: int) -> Floats:
    return _generator(key).standard_normal(count)


def _generator(key: str) -> np.random.Generator:
    """Random numbers that depend on ``key`` alone."""
    return np.random.default_rng(zlib.crc32(key.encode()))
