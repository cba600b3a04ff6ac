"""What a reader may set of the figure of a front, and has: its axes, bounds, and a trial."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from paretint.config import Objective, Rule, column, is_column
from paretint.dashboard.controls import Select
from paretint.dashboard.drawing import column_title
from paretint.dashboard.picking import Bound, asking
from paretint.dashboard.state import State
from paretint.dashboard.view import RunView
from paretint.errors import UserError
from paretint.front import complete

_ROOMS = ("quality.", "speed.", "size.", "param.", "cost.", "gate.", "amplify.")


@dataclass(frozen=True)
class Drawn:
    """A bound as it is set: ``rule`` is None at its loose end, where it holds back nothing."""

    bound: Bound
    rule: Rule | None


@dataclass(frozen=True)
class FrontView:
    """What to draw: the columns on the axes, the bounds, and the trial that is looked at."""

    x: str
    y: str
    bounds: tuple[Drawn, ...] = ()
    trial: str | None = None

    @property
    def rules(self) -> list[Rule]:
        """What the bounds ask of a trial."""
        return [drawn.rule for drawn in self.bounds if drawn.rule]


@dataclass(frozen=True)
class FrontControls:
    """All that a reader may set of the figure of a front."""

    x: Select
    y: Select
    bounds: tuple[Bound, ...]
    trial: TrialName


@dataclass(frozen=True)
class TrialName:
    """The trial that is looked at, in the address; none at first."""

    known: Collection[str]
    name: str = "trial"
    default: None = None

    def parse(self, text: str) -> str:
        """``text``, where it is the name of a complete trial; else ValueError."""
        if text not in self.known:
            raise ValueError("no complete trial")
        return text


def front_controls(run: RunView) -> FrontControls:
    """What may be set for the complete trials of ``run``.

    Raises:
        UserError: the experiment has fewer than two objectives.
    """
    x, y = front_axes(run.experiment.objectives)
    done = complete(run.trials)
    options = axis_columns(done, (x.column, y.column), run.experiment.devices[0])
    return FrontControls(
        x=Select("x", "Across", options, x.column),
        y=Select("y", "Up", options, y.column),
        bounds=asking(run).bounds,
        trial=TrialName(frozenset(done["trial"])),
    )


def front_view(controls: FrontControls, state: State) -> FrontView:
    """What the address asks to see."""
    return FrontView(
        x=state.read(controls.x),
        y=state.read(controls.y),
        bounds=tuple(Drawn(b, b.rule(state.read(b.slider))) for b in controls.bounds),
        trial=state.read(controls.trial),
    )


def front_axes(objectives: Sequence[Objective]) -> tuple[Objective, Objective]:
    """The objectives to put on x and y: the first one of quality upright, else the first.

    Raises:
        UserError: there are fewer than two.
    """
    if len(objectives) < 2:
        raise UserError("a front needs two objectives to be drawn")
    upright = next((o for o in objectives if o.column.startswith("quality.")), objectives[0])
    return next(o for o in objectives if o != upright), upright


def axis_columns(done: pl.DataFrame, always: Sequence[str], first_device: str) -> dict[str, str]:
    """The columns of complete trials that may stand on an axis, with what each is called.

    These are ``always``, and every column of numbers that differ; the ends of intervals apart,
    and the first device's speeds, which have names without it too.
    """
    own = f"speed.{first_device}."
    found = [
        name
        for room in _ROOMS
        for name in done.columns
        if name.startswith(room) and not name.startswith(own) and _varies(done, name)
    ]
    return {name: column_title(name) for name in dict.fromkeys([*always, *found])}


def _varies(done: pl.DataFrame, name: str) -> bool:
    if name.endswith(("_lo", "_hi")) or not is_column(name) or column(name).kind == "text":
        return False
    return done[name].drop_nulls().n_unique() > 1
