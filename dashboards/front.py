"""The front: quality against speed, and its trials one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from paretint.config import Objective
from paretint.dashboard import (
    FrontPicture,
    RunView,
    State,
    address,
    controls,
    draw_front_picture,
    draw_trial_panel,
    front_controls,
    front_key,
    front_picture,
    front_view,
    graph,
    heading,
    live,
    notice,
    references,
    table,
    tiles,
    trial_panel,
)
from paretint.front import (
    FrontTable,
    front,
    front_table,
    measure,
    mixed_provenance,
    recipe_text,
    show,
    volume_teller,
    with_unit,
)

TITLE = "Front"
ORDER = 10

FIGURE = (
    "Each mark is a finished trial; point at it for its recipe. Bars are 95 % intervals: of quality"
    " over held-out faces, of a measured speed by its ratio to the control model's."
)
JUDGED = (
    " The shaded area, dominated by the front and better than the reference point, is the"
    " hypervolume."
)
BOUND = "What trials must reach: move a slider"
DRAG = ", or drag the line or the grey knob at the edge of the figure"
CHOOSE = (
    "Click a trial in the figure, or choose one below, for its faces, its files and its command."
)


def draw(run: RunView, state: State) -> Sequence[Component]:
    """The page's content for a run, as the reader asks."""
    found = front_table(run.trials, run.experiment.objectives, run.membership)
    if not found.rows:
        return [notice(f"Nothing to draw yet: no trial is complete ({states(run)}).")]
    asked = front_controls(run)
    view = front_view(asked, state)
    picture = front_picture(run, view)
    figure, key = draw_front_picture(picture), front_key(picture)
    sliders = [bound.slider for bound in asked.bounds]
    return [
        summary(run, found),
        *(notice(f"Note: {note}.") for note in mixed_provenance(found.speeds)),
        controls(state, [asked.x, asked.y]),
        *graph("front", figure, caption(picture, found), key, sets=asked.trial.name),
        live(html.P(f"{BOUND}{DRAG if picture.lines else ''}.", className="beside lead")),
        html.Div(controls(state, sliders), className="beside"),
        bounded(run, picture, state.part(slider.name for slider in sliders)),
        looked_at(run, view.trial, state),
        html.H2("Recipes on the front"),
        *recipes(run, found, state),
    ]


def caption(picture: FrontPicture, found: FrontTable) -> str:
    """What the figure shows; of which columns the front is, where the axes have others."""
    if picture.judged:
        told = FIGURE + JUDGED
    else:
        judged = ", ".join(measure(o.column).title for o in found.objectives)
        told = f"{FIGURE} The front is over {judged}, the experiment's objectives, not the axes."
    if picture.beyond:
        told += " Trials beyond a bound count for the front all the same."
    return f"{told} Without a value on an axis: {picture.missing}." if picture.missing else told


def bounded(run: RunView, picture: FrontPicture, query: str) -> Component:
    """How many trials the bounds leave, and the way to the page that picks one of them."""
    count = len(picture.points)
    left = count - picture.beyond
    told = f"Beyond these bounds: {picture.beyond:,} of {count:,} trials; left: {left:,}. "
    way = dcc.Link("Pick one of them", href=address(run.name, "pick") + query)
    return live(html.P([told, way, "."], className="beside lead", **{"aria-live": "polite"}))


def looked_at(run: RunView, trial: str | None, state: State) -> Component:
    """The trial that the reader chose, or how to choose one."""
    if trial is None:
        return live(html.P(CHOOSE, className="beside lead"))
    panel = draw_trial_panel(trial_panel(run, trial), here(run, state, None))
    return html.Div(panel, **{"aria-live": "polite"})


def here(run: RunView, state: State, trial: str | None) -> str:
    """The address of this page with another trial looked at."""
    return address(run.name, "front") + state.query(trial=trial)


def states(run: RunView) -> str:
    """How many trials came to which end, in words."""
    counts = Counter(run.trials["state"].to_list()).most_common()
    told = ", ".join(f"{count} {state}" for state, count in counts) or "none"
    return f"{told} of {run.experiment.trials} trials"


def summary(run: RunView, found: FrontTable) -> Component:
    """The numbers to see first: the best of each objective, the front and its hypervolume."""
    volume = volume_teller([found.hypervolume])(found.hypervolume)
    return tiles(
        [
            *(best(run, objective, found.constants) for objective in found.objectives),
            ("On the front", str(len(found.rows)), states(run)),
            ("Hypervolume", volume, f"over {references(found.objectives)}"),
        ]
    )


def best(run: RunView, objective: Objective, constants: Collection[str]) -> tuple[str, str, str]:
    """The best of one objective as a tile, with what varies of the recipe that reached it."""
    row = front(run.trials, [objective]).row(0, named=True)
    varying = {name: value for name, value in row.items() if name not in constants}
    reading = measure(objective.column)
    number = with_unit(objective.column, row[objective.column])
    return f"Best {reading.title}", number, f"{row['trial']}: {recipe_text(varying)}"


def recipes(run: RunView, found: FrontTable, state: State) -> Sequence[Component]:
    """The trials of the front, with their recipes and scores; each a way to look at it."""
    constants = ", ".join(
        f"{name.removeprefix('param.')} {show(name, value)}"
        for name, value in found.constants.items()
    )
    lead = "± is the longer arm of the 95 % interval."
    rows = [
        [
            dcc.Link(name, href=here(run, state, str(name))),
            *(show(column, cell) for column, cell in zip(found.columns[1:], cells, strict=True)),
        ]
        for name, *cells in found.rows
    ]
    return [
        html.P(f"{lead} The same in all: {constants}." if constants else lead, className="lead"),
        table([head(column) for column in found.columns], rows),
    ]


def head(column: str) -> str:
    """What a column is called: a parameter by its name."""
    if column.startswith("param."):
        return column.removeprefix("param.").replace("_", " ")
    return heading(column)
