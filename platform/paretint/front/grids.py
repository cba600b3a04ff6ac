"""Scores by two or three parameters at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from paretint.front.arrays import Rows
from paretint.front.levels import Levels, levels
from paretint.front.measures import Estimate
from paretint.front.recipes import Recipes


@dataclass(frozen=True)
class ScoreGrid:
    """The best score for each value of two parameters, at one value of a third.

    Attributes:
        by: the third parameter's value, None where there is no third.
        down, across: the values of the two; one empty text where there is no parameter down.
        cells: one row for each of ``down``; None where nothing was tried.
    """

    by: str | None
    down: tuple[str, ...]
    across: tuple[str, ...]
    cells: tuple[tuple[Estimate | None, ...], ...]

    def gain(self, row: int) -> Estimate | None:
        """What the last value across adds to the first; None where one was not tried."""
        first, last = self.cells[row][0], self.cells[row][-1]
        if first is None or last is None or len(self.across) < 2:
            return None
        return last.less(first)


def score_grids(
    found: Recipes, across: str, down: str | None = None, by: str | None = None
) -> tuple[ScoreGrid, ...]:
    """One grid for each value of ``by``, all over the same values; the best recipe of each cell.

    The arguments are columns of parameters that vary. A number with many values is held together
    in ranges. Of equal recipes the first one by its trial's name stands for the cell.
    """
    everywhere = Levels("", ("",), np.zeros(found.table.height, dtype=np.intp))
    axes = [
        everywhere if name is None else levels(found.table, name) for name in (by, down, across)
    ]
    best = _best(found, axes)
    panels, rows, columns = axes
    return tuple(
        ScoreGrid(
            None if by is None else panel,
            rows.texts,
            columns.texts,
            tuple(
                tuple(
                    found.estimate(best[p, d, a]) if (p, d, a) in best else None
                    for a in range(len(columns.texts))
                )
                for d in range(len(rows.texts))
            ),
        )
        for p, panel in enumerate(panels.texts)
    )


def _best(found: Recipes, axes: list[Levels]) -> dict[tuple[int, ...], int]:
    """The row of the best recipe of each cell that has one."""
    places = np.stack([axis.of for axis in axes], axis=1)
    order: Rows = np.argsort(found.losses, kind="stable")
    order = order[(places[order] >= 0).all(axis=1)]
    cells, first = np.unique(places[order], axis=0, return_index=True)
    return {tuple(cell): int(order[at]) for cell, at in zip(cells.tolist(), first, strict=True)}
