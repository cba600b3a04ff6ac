"""The front: quality against speed, the recipes on it, and what amplified images add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from dash import html
from dash.development.base_component import Component

from paretint.config import Objective
from paretint.dashboard import (
    RunView,
    draw_front_picture,
    front_key,
    front_picture,
    graph,
    notice,
    shaded,
    table,
    tiles,
)
from paretint.front import (
    Effect,
    Estimate,
    FrontTable,
    QualityGrid,
    complete,
    effect,
    front,
    front_table,
    measure,
    mixed_provenance,
    quality_grids,
    recipe_text,
    show,
)

TITLE = "Front"
ORDER = 10

FIGURE = (
    "Each mark is a finished trial; point at it for its recipe. Bars are 95 % intervals over"
    " held-out faces. The shaded area, dominated by the front and better than the reference"
    " point, is the hypervolume."
)
GRIDS = (
    "PSNR in dB on held-out faces by source pairs (down) and amplified images (across), the best"
    " trial of each cell; a dash where none was tried. The gain is that of the most amplified"
    " images over none with the same pairs, in dB; ✓ where the 95 % intervals do not touch."
)
# The width in pixels of a grid's first and last columns together, and of each other column.
GRID_EDGES, GRID_COLUMN = 128, 60


def draw(run: RunView) -> Sequence[Component]:
    """The page's content for a run."""
    found = front_table(run.trials, run.experiment.objectives)
    if not found.rows:
        return [notice(f"Nothing to draw yet: no trial is complete ({states(run)}).")]
    picture = front_picture(run)
    return [
        summary(run, found),
        *(notice(f"Note: {note}.") for note in notes(run)),
        *graph("front", draw_front_picture(picture), FIGURE, front_key(picture)),
        html.H2("Recipes on the front"),
        *recipes(found),
        *amplification(run),
    ]


def states(run: RunView) -> str:
    """How many trials came to which end, in words."""
    counts = Counter(run.trials["state"].to_list()).most_common()
    told = ", ".join(f"{count} {state}" for state, count in counts) or "none"
    return f"{told} of {run.experiment.trials} trials"


def summary(run: RunView, found: FrontTable) -> Component:
    """The numbers to see first: the best of each objective, the front and its hypervolume."""
    reference = " and ".join(
        f"{o.reference:g} {measure(o.column).unit}".rstrip() for o in found.objectives
    )
    return tiles(
        [
            *(best(run, objective, found.constants) for objective in found.objectives),
            ("On the front", str(len(found.rows)), states(run)),
            ("Hypervolume", f"{found.hypervolume:,.0f}", f"over {reference}"),
        ]
    )


def notes(run: RunView) -> Sequence[str]:
    """What to know before comparing the points: speeds that were not come by alike."""
    columns = [objective.column for objective in run.experiment.objectives]
    return mixed_provenance(complete(run.trials, columns).iter_rows(named=True), columns)


def best(run: RunView, objective: Objective, constants: Collection[str]) -> tuple[str, str, str]:
    """The best of one objective as a tile, with what varies of the recipe that reached it."""
    row = front(run.trials, [objective]).row(0, named=True)
    varying = {name: value for name, value in row.items() if name not in constants}
    reading = measure(objective.column)
    number = f"{show(objective.column, row[objective.column])} {reading.unit}".rstrip()
    return f"Best {reading.title}", number, f"{row['trial']}: {recipe_text(varying)}"


def recipes(found: FrontTable) -> Sequence[Component]:
    """The trials of the front, with their recipes and scores."""
    constants = ", ".join(
        f"{name.removeprefix('param.')} {show(name, value)}"
        for name, value in found.constants.items()
    )
    lead = "± is the longer arm of the 95 % interval."
    rows = [
        [show(column, cell) for column, cell in zip(found.columns, row, strict=True)]
        for row in found.rows
    ]
    return [
        html.P(f"{lead} The same in all: {constants}." if constants else lead, className="lead"),
        table([heading(column) for column in found.columns], rows),
    ]


def heading(column: str) -> str:
    """What a column is called, over its unit."""
    if column.startswith("param."):
        return column.removeprefix("param.").replace("_", " ")
    reading = measure(column)
    return f"{reading.title}\n{reading.unit}".rstrip()


def amplification(run: RunView) -> Sequence[Component]:
    """For each width, quality by pairs and amplified images, and what the images add."""
    grids = quality_grids(run.trials)
    if not grids:
        return []
    gains = {(e.width, e.pairs): e for e in effect(run.trials)}
    depth = depths(grids)
    return [
        html.H2("What amplified images add"),
        html.P(GRIDS, className="lead"),
        html.Div(
            [draw_grid(grid, gains, depth) for grid in grids],
            className="grids",
            style={"--grid": f"{GRID_EDGES + GRID_COLUMN * len(grids[0].amplified)}px"},
        ),
    ]


def depths(grids: Sequence[QualityGrid]) -> Callable[[float], float]:
    """How deep to shade a PSNR: 0 for the lowest of all grids, 1 for the highest."""
    values = [cell.value for grid in grids for row in grid.cells for cell in row if cell]
    low, span = min(values), max(values) - min(values)
    return lambda value: (value - low) / span if span else 0.5


def draw_grid(
    grid: QualityGrid,
    gains: dict[tuple[int, int | None], Effect],
    depth: Callable[[float], float],
) -> Component:
    """One width's grid as a table."""
    head = ["pairs", *(f"{count:,}" for count in grid.amplified), "gain"]
    rows = [
        [
            str(pairs),
            *(quality(cell, depth) if cell else "–" for cell in cells),
            gain(gains.get((grid.width, pairs))),
        ]
        for pairs, cells in zip(grid.pairs, grid.cells, strict=True)
    ]
    return html.Div([html.H3(f"Width {grid.width}"), table(head, rows)])


def quality(cell: Estimate, depth: Callable[[float], float]) -> Component:
    """A PSNR with its margin, shaded by its height."""
    margin = "" if cell.margin is None else f"±{show('quality.psnr', cell.margin)}"
    return shaded(show("quality.psnr", cell.value), margin, depth(cell.value))


def gain(found: Effect | None) -> str:
    """What the amplified images add, and whether beyond doubt."""
    if found is None:
        return "–"
    return f"{found.gain:+.2f}{' ✓' if found.separated else ''}"
