"""What the figure of a front shows, as plain data: any two columns of the complete trials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from paretint.config import Objective, Rule
from paretint.dashboard.front_levels import Axis, Level, levels
from paretint.dashboard.front_stories import differing, stories
from paretint.dashboard.front_view import Drawn, FrontView, front_axes
from paretint.dashboard.view import RunView
from paretint.front import Estimate, complete, estimates, front, meeting, with_columns
from paretint.store import FACES

AMPLIFIED = "param.amplified"

Corners = tuple[tuple[float, float], ...]


class FrontPoint(NamedTuple):
    """One complete trial of the figure.

    Attributes:
        trial: its name.
        x, y: its values on the two axes, with intervals where they were computed.
        on_front: whether no other trial dominates it, over all objectives.
        likely: how likely it is of the front, given how sure the scores are, 0 to 1.
        amplified: whether it was trained on amplified images.
        within: whether it meets every bound that is set.
        story: lines that tell its recipe and scores, as plain text.
        faces: whether held-out faces were kept with its files.
    """

    trial: str
    x: Estimate
    y: Estimate
    on_front: bool
    likely: float
    amplified: bool
    within: bool
    story: tuple[str, ...]
    faces: bool


@dataclass(frozen=True)
class BaselinePoint:
    """A network that the trials are compared with: as `FrontPoint`."""

    name: str
    x: Estimate
    y: Estimate
    story: tuple[str, ...]


@dataclass(frozen=True)
class FrontPicture:
    """All that the figure of a front shows, as plain data.

    Attributes:
        run: the run's name.
        x, y: the columns on the axes.
        judged: whether the axes are the experiment's objectives, all of them.
        points: the complete trials that have a value on both axes.
        missing: how many complete trials have none.
        reference: where hypervolume is counted from, on axes that are objectives.
        stairs: the corners of the line under which everything is dominated, from the
            reference to the front and back; empty where the axes are not the objectives, or the
            front does not beat its reference.
        baselines: the networks that the trials are compared with.
        levels: what they are held against along one axis.
        bounds: what the reader asks of trials.
        trial: the trial that is looked at.
    """

    run: str
    x: str
    y: str
    judged: bool
    points: tuple[FrontPoint, ...]
    missing: int
    reference: tuple[float, float] | None
    stairs: Corners
    baselines: tuple[BaselinePoint, ...]
    levels: tuple[Level, ...]
    bounds: tuple[Drawn, ...]
    trial: str | None

    @property
    def beyond(self) -> int:
        """How many points break a bound."""
        return sum(not point.within for point in self.points)

    @property
    def lines(self) -> list[tuple[Axis, Drawn]]:
        """The bounds that are lines in the figure, each with the axis that it cuts."""
        axes: dict[str, Axis] = {self.y: "y", self.x: "x"}
        return [(axes[d.bound.column], d) for d in self.bounds if d.bound.column in axes]


def front_picture(run: RunView, view: FrontView | None = None) -> FrontPicture:
    """The front of ``run`` as plain data; of its objectives, where no other ``view`` is asked for.

    Raises:
        UserError: the experiment has fewer than two objectives.
    """
    objectives = run.experiment.objectives
    across, up = front_axes(objectives)
    view = view or FrontView(across.column, up.column)
    named = {objective.column: objective for objective in objectives}
    judged = {view.x, view.y} == set(named)
    on_axes = named.get(view.x), named.get(view.y)
    done = complete(run.trials)
    rows = complete(run.trials, [view.x, view.y])
    members = front(run.trials, objectives)
    return FrontPicture(
        run=run.name,
        x=view.x,
        y=view.y,
        judged=judged,
        points=_points(run, view, rows, members),
        missing=done.height - rows.height,
        reference=_reference(*on_axes),
        stairs=outline(members.select(view.x, view.y).rows(), named[view.x], named[view.y])
        if judged
        else (),
        baselines=_baselines(run.baselines, view.x, view.y),
        levels=levels(done, "x", view.x) + levels(done, "y", view.y),
        bounds=view.bounds,
        trial=view.trial,
    )


def _points(
    run: RunView, view: FrontView, rows: pl.DataFrame, members: pl.DataFrame
) -> tuple[FrontPoint, ...]:
    on_front = frozenset(members["trial"] if members.height else ())
    likely = dict(run.membership.iter_rows())
    within, faces = _within(rows, view.rules), _with_faces(run)
    amplified = with_columns(rows, [AMPLIFIED])[AMPLIFIED].cast(pl.Float64).fill_null(0.0) > 0
    parts = zip(
        rows["trial"],
        estimates(rows, view.x),
        estimates(rows, view.y),
        amplified,
        stories(rows, differing(rows), view.x, view.y),
        strict=True,
    )
    return tuple(
        FrontPoint(
            trial=trial,
            x=x,
            y=y,
            on_front=trial in on_front,
            likely=likely.get(trial, 0.0),
            amplified=images,
            within=trial in within,
            story=story,
            faces=trial in faces,
        )
        for trial, x, y, images, story in parts
    )


def _within(rows: pl.DataFrame, rules: Sequence[Rule]) -> frozenset[str]:
    """The trials that meet every rule."""
    return frozenset(meeting(rows, rules)["trial"])


def _with_faces(run: RunView) -> frozenset[str]:
    """The trials that held-out faces were kept of."""
    return frozenset(path.parent.name for path in (run.folder / "models").glob(f"*/{FACES}"))


def _baselines(table: pl.DataFrame, x: str, y: str) -> tuple[BaselinePoint, ...]:
    axes = [*dict.fromkeys([x, y])]
    rows = with_columns(table, axes).drop_nulls(axes).sort("trial")
    params = [name for name in rows.columns if name.startswith("param.")]
    parts = rows["trial"], estimates(rows, x), estimates(rows, y), stories(rows, params, x, y)
    return tuple(BaselinePoint(*part) for part in zip(*parts, strict=True))


def _reference(x: Objective | None, y: Objective | None) -> tuple[float, float] | None:
    return None if x is None or y is None else (x.reference, y.reference)


def outline(points: Iterable[tuple[float, float]], x: Objective, y: Objective) -> Corners:
    """The outline of what a front dominates, from the reference's y, up, and to the reference's x.

    points: of the front, over ``x`` and ``y``. Empty where none beats the reference.
    """
    steps = [
        (across, up)
        for across, up in sorted(points, reverse=x.goal == "maximize")
        if _better(across, x) and _better(up, y)
    ]
    if not steps:
        return ()
    corners = [(steps[0][0], y.reference)]
    for across, up in steps:
        corners += [(across, corners[-1][1]), (across, up)]
    return tuple(dict.fromkeys([*corners, (x.reference, corners[-1][1])]))


def _better(value: float, objective: Objective) -> bool:
    if objective.goal == "maximize":
        return value > objective.reference
    return value < objective.reference
