"""Compare: several runs over one reference point, and how far each is from the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from dash import html
from dash.development.base_component import Component

from paretint.config import Objective
from paretint.dashboard import (
    Comparison,
    RunView,
    comparison,
    difference_height,
    differences,
    draw_differences,
    draw_front_lines,
    front_lines,
    graph,
    notice,
    references,
    run_key,
    run_mark,
    table,
)
from paretint.front import Compared, Estimate, measure, show, volume_teller

TITLE = "Compare"
ORDER = 70

Tell = Callable[[float], str]

LEAD = (
    "Every run stands against {base}: each number over its 95 % interval, then its difference from"
    " {base}'s over that one's own. Hypervolumes are over {reference}."
)
INTERVALS = (
    "Intervals say how sure the scores on a run's front are: over held-out faces, which are drawn"
    " alike for runs that were scored on the same ones; over the timing of a speed; {seeds}."
    " They do not say what another search would find."
)
SEEDS = "and over the seeds of recipes, of which those with several stand for their mean"
NO_SEEDS = "not over seeds, for no recipe was trained from a second one"
FRONTS = (
    "The recipes that no other of the same run dominates; point at one for what it is. Bars are"
    " 95 % intervals. What lies between a line and the reference point is the run's hypervolume."
)
DIFFERENCES = (
    "How far each run is from {base}, the line at 0, with the difference's 95 % interval: where it"
    " crosses the line, these runs do not tell which is better."
)


def draw_runs(runs: Sequence[RunView]) -> Sequence[Component]:
    """The page's content for all runs, held against the first."""
    if len(runs) == 1:
        return [
            notice("There is one run here. Give several, and they are held against each other:"),
            html.Pre(f"paretint dashboard {runs[0].folder} RUN", className="command", tabIndex="0"),
        ]
    compared = comparison(runs)
    notes = [notice(note) for note in compared.notes]
    if len(compared.standings) < 2:
        return [notice("Nothing to compare yet: it takes complete trials of two runs."), *notes]
    names = [standing.front.run for standing in compared.standings]
    panels = differences(compared)
    return [
        *notes,
        html.P(lead(compared), className="lead"),
        table(["run", *heads(compared)], lines(compared)),
        html.P(
            INTERVALS.format(seeds=SEEDS if compared.repeated else NO_SEEDS), className="caption"
        ),
        html.H2("Fronts"),
        *graph("fronts", draw_front_lines(front_lines(compared)), FRONTS, run_key(names)),
        html.H2(f"Differences from {names[0]}"),
        *graph(
            "differences",
            draw_differences(panels, names),
            DIFFERENCES.format(base=names[0]),
            run_key(names)[1:-1],
            difference_height(panels),
        ),
    ]


def lead(compared: Comparison) -> str:
    """What the table holds."""
    reference = references(compared.objectives)
    return LEAD.format(base=compared.standings[0].front.run, reference=reference)


def heads(compared: Comparison) -> list[str]:
    """What the columns after the run's are called, over their units."""
    found = []
    for title, objective, _ in compared.numbers():
        unit = "" if objective is None else measure(objective.column).unit
        found += [f"{title}\n{unit}".rstrip(), "difference"]
    return [*found, "on joint\nfront", "complete\ntrials"]


def lines(compared: Comparison) -> Sequence[Sequence[Component | str]]:
    """A line of the table for each run."""
    columns = [column for number in compared.numbers() for column in number_columns(*number)]
    return [
        [
            run_mark(place, standing.front.run),
            *(column[place] for column in columns),
            f"{standing.joint} of {len(standing.front.values)}",
            f"{standing.front.complete:,}",
        ]
        for place, standing in enumerate(compared.standings)
    ]


def number_columns(
    _: str, objective: Objective | None, numbers: Sequence[Compared]
) -> tuple[Sequence[Component], Sequence[Component]]:
    """The columns of one number: each run's over its interval, and its difference over that's."""
    if objective is None:
        goal, tell = "maximize", volume_teller([number.value.value for number in numbers])
    else:
        goal, tell = objective.goal, partial(show, objective.column)
    values = [cell(tell(n.value.value), interval(tell, n.value)) for n in numbers]
    signed = partial(sign, tell)
    overs = [
        html.Td()
        if n.over is None
        else cell(signed(n.over.value), interval(signed, n.over), n.verdict(goal))
        for n in numbers
    ]
    return values, overs


def interval(tell: Tell, value: Estimate) -> str:
    """From where to where the 95 % interval reaches; empty where there is none."""
    if value.lo is None or value.hi is None:
        return ""
    return f"{tell(value.lo)} to {tell(value.hi)}"


def sign(tell: Tell, value: float) -> str:
    """A difference with its sign, where the digits that are told are not all 0."""
    number = tell(abs(value))
    return number if number == tell(0.0) else f"{'+' if value > 0 else '-'}{number}"


def cell(number: str, *notes: str) -> Component:
    """A cell with a number over what is said of it."""
    return html.Td([number, *(html.Small(note) for note in notes)])
