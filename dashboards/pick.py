"""The pick: which model ships under what rules, why, and the command that writes it."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from paretint.dashboard import Picked, RunView, State, asking, controls, notice, picked, table
from paretint.front import complete

TITLE = "Pick"
ORDER = 60

LEAD = (
    "Set what the model must reach. Of the complete trials that meet it, the one with the best"
    " score is picked; where others are as good within its error, what stands last decides."
)


def draw(run: RunView, state: State) -> Sequence[Component]:
    """The page's content for a run, as the reader asks."""
    if complete(run.trials).is_empty():
        return [notice(f"Nothing to pick yet: no trial is complete, of {run.trials.height}.")]
    asked = asking(run)
    choice = picked(run, asked, state)
    sliders = [bound.slider for bound in asked.bounds]
    return [
        html.P(LEAD, className="lead"),
        controls(state, [*sliders, asked.best, asked.within, asked.then]),
        html.Div(answer(choice), **{"aria-live": "polite"}),
    ]


def answer(choice: Picked) -> Sequence[Component]:
    """The winner beside the runners-up, and its command; or what to relax."""
    if not choice.trials:
        return [html.H2("No pick"), notice(f"{choice.reason}.")]
    winner, *others = choice.trials
    return [
        html.H2(f"The pick: {winner}"),
        html.P(f"{choice.reason}.", className="lead"),
        *(notice(f"Note: {note}.") for note in choice.notes),
        table(["", f"{winner}\nwinner", *(f"{name}\nrunner-up" for name in others)], choice.lines),
        html.H2("The same in a terminal"),
        html.Pre(choice.command, className="command", tabIndex="0"),
    ]
