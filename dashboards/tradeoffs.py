"""The trade-offs: what pairs, amplified images, width and the rest add to a score, at what cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash import html
from dash.development.base_component import Component

from paretint.config import Goal
from paretint.dashboard import (
    RunView,
    State,
    TradeOffs,
    controls,
    draw_importances,
    draw_slices,
    draw_steps,
    graph,
    heading,
    importance_names,
    more,
    notice,
    param_title,
    rows_height,
    shaded,
    signed,
    slices_key,
    step_gain,
    step_names,
    step_values,
    steps_key,
    table,
    trade_asking,
    trade_offs,
)
from paretint.front import (
    LEAST,
    Estimate,
    ScoreGrid,
    Step,
    complete,
    measure,
    show,
)

TITLE = "Trade-offs"
ORDER = 20

LEAD = (
    "What each parameter adds to a score, and what that costs. Of trials only complete ones count;"
    " those of one recipe from several seeds count as one."
)
INTERVALS = "Bars are 95 % intervals over held-out faces and, where recipes were repeated, seeds."
PAIRED = (
    " All recipes are scored on the same faces, so intervals are those of the gain over the"
    " unchanged photo, which tell recipes apart."
)
STEPS = (
    "Each step is the mean difference between recipes that differ in nothing else. Its 95 %"
    " interval is the wider of two: what held-out faces and seeds leave open, and how unlike the"
    " differences are among recipes. One comparison alone has only the first."
)
COSTS = (
    "Costs are a recipe's: amplified images are made once and shared, so here each is charged its"
    " part of what the run spent on its set."
)
# The width in pixels of a grid's first and last columns together, and of each other column.
GRID_EDGES, GRID_COLUMN = 128, 64


def draw(run: RunView, state: State) -> Sequence[Component]:
    """The page's content for a run, as the reader asks."""
    done = complete(run.trials).height
    if not done:
        return [notice(f"Nothing to compare yet: no trial is complete, of {run.trials.height}.")]
    asked = trade_asking(run, state)
    if asked is None:
        return [notice(f"Nothing to compare yet: nothing varies in the complete trials ({done}).")]
    found = trade_offs(asked, state)
    return [
        html.P(LEAD, className="lead"),
        controls(state, [asked.score, asked.across, asked.down, asked.by, asked.at]),
        *lines(found),
        html.H2(f"{measure(found.score).title} by {axes(found)}"),
        *heatmap(found),
        html.H2("What each step adds, and costs"),
        *gains(found),
        html.H2("What matters most"),
        *importance(found),
    ]


def axes(found: TradeOffs) -> str:
    """The parameters of the grids, in words."""
    down = [] if found.down is None else [param_title(found.down)]
    by = [] if found.by is None else [param_title(found.by)]
    return " × ".join([*down, param_title(found.across), *by])


def lines(found: TradeOffs) -> Sequence[Component]:
    """The rows of one grid as lines."""
    where = f" at {found.slices.where}" if found.slices.where else ""
    caption = f"The best recipe of each cell{where}. {INTERVALS}{PAIRED if found.paired else ''}"
    figure = draw_slices(found.slices)
    return graph("slices", figure, caption, slices_key(found.slices), 400)


def heatmap(found: TradeOffs) -> Sequence[Component]:
    """Every grid as a table whose shades are a heatmap."""
    depth = depths(found.grids, found.goal)
    columns = len(found.grids[0].across)
    lead = (
        f"{unit(found.score)} of the best recipe of each cell, with the arm of its interval. The"
        " deeper the shade, the better; a dash where none was tried. The gain is that of the last"
        " column over the first."
    )
    return [
        html.P(lead, className="lead"),
        html.Div(
            [draw_grid(found, grid, depth) for grid in found.grids],
            className="grids",
            style={"--grid": f"{GRID_EDGES + GRID_COLUMN * columns}px"},
        ),
    ]


def unit(score: str) -> str:
    """What the cells hold, with the unit."""
    reading = measure(score)
    return f"{reading.title} in {reading.unit}" if reading.unit else reading.title


def depths(grids: Sequence[ScoreGrid], goal: Goal) -> Callable[[float], float]:
    """How deep to shade a score: 0 for the worst of all grids, 1 for the best."""
    values = [cell.value for grid in grids for row in grid.cells for cell in row if cell]
    low, span = min(values), max(values) - min(values)

    def depth(value: float) -> float:
        height = (value - low) / span if span else 0.5
        return height if goal == "maximize" else 1 - height

    return depth


def draw_grid(found: TradeOffs, grid: ScoreGrid, depth: Callable[[float], float]) -> Component:
    """One grid as a table."""
    down = "" if found.down is None else param_title(found.down)
    head = [down, *grid.across, "gain"]
    rows = [
        [
            text,
            *(quality(found.score, cell, depth) if cell else "–" for cell in cells),
            gain(found.score, grid.gain(row)),
        ]
        for row, (text, cells) in enumerate(zip(grid.down, grid.cells, strict=True))
    ]
    title = [] if found.by is None else [html.H3(f"{param_title(found.by)} {grid.by}")]
    return html.Div([*title, table(head, rows)])


def quality(score: str, cell: Estimate, depth: Callable[[float], float]) -> Component:
    """A score with its margin, shaded by how good it is."""
    margin = "" if cell.margin is None else f"±{show(score, cell.margin)}"
    return shaded(show(score, cell.value), margin, depth(cell.value))


def gain(score: str, told: Estimate | None) -> Component | str:
    """What the last column adds to the first."""
    if told is None:
        return "–"
    margin = "" if told.margin is None else f"±{show(score, told.margin)}"
    return html.Td([signed(score, told.value), html.Small(margin)])


def gains(found: TradeOffs) -> Sequence[Component]:
    """What each step of each parameter adds, as a figure and with its cost as a table."""
    if not found.steps:
        return [notice("No two recipes differ in one parameter alone yet.")]
    names = step_names(found.steps)
    figure = draw_steps(found.steps, found.score, found.goal)
    alone = ", ".join(found.alone)
    left_out = f" Left out, since no two recipes differ in it alone: {alone}." if alone else ""
    head = ["step", heading(found.score), "comparisons", "amplifying", "training"]
    return [
        *graph("steps", figure, STEPS + left_out, steps_key(), rows_height(names)),
        table(head, [step_row(step, found.score) for step in found.steps]),
        html.P(COSTS, className="caption"),
    ]


def step_row(step: Step, score: str) -> Sequence[str]:
    """A step as a row of the table."""
    gpu = step.costs["gpu_s"]
    amplifying = f"{more(gpu)} of GPU" if gpu else more(step.costs["amplify_s"])
    return [
        f"{param_title(step.column)} {step_values(step)}",
        step_gain(step, score),
        f"{step.recipes:,}",
        amplifying,
        more(step.costs["train_s"]),
    ]


def importance(found: TradeOffs) -> Sequence[Component]:
    """How much each parameter matters for reaching the best scores."""
    best, told = found.importances
    if not best:
        return [notice(f"{found.recipes} recipes are too few to say; {LEAST} are needed.")]
    among = f"among the best {best:,} of {found.recipes:,} recipes"
    if not told:
        return [notice(f"No parameter's values {among} differ from those of all.")]
    caption = (
        f"How far a parameter's values {among} differ from those of all (PED-ANOVA, as a share of"
        " the sum over parameters). It is of the values that were tried, not of all that could be;"
        " bars are 95 % intervals over recipes drawn anew. A parameter that adds much matters"
        " little here where most recipes have its good value."
    )
    names = importance_names(told)
    return graph("importance", draw_importances(told), caption, (), rows_height(names))
