"""The front of a run as a table: plain data, and its drawing for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from rich import box
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from paretint.config import Objective
from paretint.front.effects import Effect
from paretint.front.measures import Estimate, estimate, measure, show, volume_teller
from paretint.front.members import complete, front, front_volume
from paretint.front.membership import membership
from paretint.front.origin import origin_column, provenances

ALSO = ("quality.lpips", "size.params", "size.onnx_bytes")

Cell = str | int | float | Estimate | None


@dataclass(frozen=True)
class FrontTable:
    """The front of a run, ready to draw.

    Attributes:
        columns: the ledger's column names: the trial, the parameters that vary, the
            objectives, the probability of being of the front, then quality and size where they
            were measured, and where the objectives' speeds come from if they are not all of one
            provenance.
        rows: one for each trial of the front, the best of the first objective first.
        constants: the parameters that are the same in every complete trial, with their value.
        objectives: what the front is over, with the reference point.
        hypervolume: what the front dominates beyond the reference point.
        speeds: where the objectives' speeds come from, and how many complete trials have each.
        complete, trials: how many trials ran to the end, and how many the ledger holds.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    constants: dict[str, Cell]
    objectives: tuple[Objective, ...]
    hypervolume: float
    speeds: dict[str, int]
    complete: int
    trials: int

    @property
    def summary(self) -> str:
        """The hypervolume, the counts and where the speeds come from in one line."""
        volume = volume_teller([self.hypervolume])(self.hypervolume)
        reference = ", ".join(f"{o.column} {o.reference:g}" for o in self.objectives)
        return (
            f"{len(self.rows)} of {self.complete} complete trials are on the front; "
            f"hypervolume {volume} over {reference}{self._origins}"
        )

    @property
    def _origins(self) -> str:
        if not self.speeds:
            return ""
        told = ", ".join(f"{name} ({count})" for name, count in self.speeds.items())
        return f"; speeds {told if len(self.speeds) > 1 else next(iter(self.speeds))}"


def front_table(
    trials: pl.DataFrame, objectives: Sequence[Objective], shares: pl.DataFrame | None = None
) -> FrontTable:
    """The front of ``trials`` (a run's ledger) over ``objectives`` as plain data.

    shares: what `membership` gives for them, where it is known already.
    """
    done = complete(trials)
    params = [column for column in trials.columns if column.startswith("param.")]
    constant = [column for column in params if done[column].n_unique() == 1]
    judged = [objective.column for objective in objectives]
    speeds = provenances(done, judged)
    columns = _columns(done, [p for p in params if p not in constant], judged)
    if len(speeds) > 1:
        columns += tuple(origin_column(column) for column in judged if column.startswith("speed."))
    shares = membership(trials, objectives) if shares is None else shares
    on_front = shares.rename({"membership": "on_front"})
    members = front(trials, objectives).join(on_front, on="trial", maintain_order="left")
    return FrontTable(
        columns=columns,
        rows=tuple(
            (row["trial"], *(cell(row, column) for column in columns[1:]))
            for row in members.iter_rows(named=True)
        ),
        constants={column: done[column][0] for column in constant},
        objectives=tuple(objectives),
        hypervolume=front_volume(trials, objectives),
        speeds=speeds,
        complete=done.height,
        trials=trials.height,
    )


def _columns(done: pl.DataFrame, params: Sequence[str], judged: Sequence[str]) -> tuple[str, ...]:
    measured = [c for c in ALSO if c in done.columns and done[c].count() > 0]
    return tuple(dict.fromkeys(["trial", *params, *judged, "on_front", *measured]))


def cell(row: dict[str, object], column: str) -> Cell:
    found = estimate(row, column)
    return found.value if found is not None and found.margin is None else found


def draw_front_table(table: FrontTable) -> Table:
    """``table`` for a terminal, the hypervolume below it."""
    drawn = draw_columns(table.columns, table.rows, table.objectives)
    drawn.caption, drawn.caption_justify = Text(table.summary), "left"
    return drawn


def draw_columns(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], objectives: Sequence[Objective]
) -> Table:
    """Rows of the ledger for a terminal; the objectives with their intervals."""
    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        side: JustifyMethod = "left" if column == "trial" else "right"
        drawn.add_column(Text(_heading(column)), justify=side, no_wrap=True)
    judged = {objective.column for objective in objectives}
    for row in rows:
        cells = zip(columns, row, strict=True)
        drawn.add_row(*(Text(_shown(column, cell, column in judged)) for column, cell in cells))
    return drawn


def _shown(column: str, cell: Cell, with_interval: bool) -> str:
    """A cell as text; only the objectives' intervals, or 80 characters would not hold a row."""
    bare = cell.value if isinstance(cell, Estimate) and not with_interval else cell
    return show(column, bare)


def _heading(column: str) -> str:
    """The column's own name, one word a line, and its unit where the name does not say it."""
    room, _, name = column.partition(".")
    words = (name or room).replace("_", "\n").split("\n")
    unit = measure(column).unit
    return "\n".join(words if unit in words else [*words, unit])


def draw_effect_table(effects: Sequence[Effect]) -> Table:
    """``effects`` for a terminal: quality without amplified images, with the most, the gain."""
    drawn = Table(
        "width",
        "pairs",
        "without",
        "with",
        "amplified",
        "gain\ndB",
        "95 %\nintervals",
        box=box.SIMPLE_HEAD,
    )
    for column in drawn.columns[:-1]:
        column.justify = "right"
    for e in effects:
        pairs = "any" if e.pairs is None else str(e.pairs)
        low, high = show("quality.psnr", e.without), show("quality.psnr", e.with_most)
        apart = "apart" if e.separated else "overlap"
        drawn.add_row(str(e.width), pairs, low, high, f"{e.amplified:,}", f"{e.gain:+.2f}", apart)
    return drawn
