"""The front: quality against speed, and the recipes on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

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
    table,
    tiles,
)
from paretint.front import (
    FrontTable,
    complete,
    front,
    front_table,
    measure,
    mixed_provenance,
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
