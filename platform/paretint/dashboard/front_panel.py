"""One trial looked at: its scores, faces it made up, its files, and the command that repeats it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from paretint.dashboard.blocks import notice
from paretint.dashboard.files import download_names, file_address
from paretint.dashboard.front_stories import with_origin
from paretint.dashboard.view import RunView
from paretint.front import measure, told
from paretint.front.winner.reproduce import repeat_settings
from paretint.store import FACES, KeptFace, kept_faces

_SCORES = ("quality.psnr", "quality.ssim", "quality.lpips", "size.params", "size.onnx_bytes")


@dataclass(frozen=True)
class TrialPanel:
    """What is told of one trial.

    Attributes:
        trial: its name.
        recipe: the parameters that differ among complete trials, each with its value.
        scores: its scores, each with its value, its interval and where a speed comes from.
        faces: the addresses of held-out faces; none where none were kept.
        files: what can be had of it, by name, with its address.
        command: the words that run it again.
    """

    trial: str
    recipe: tuple[tuple[str, str], ...]
    scores: tuple[tuple[str, str], ...]
    faces: tuple[KeptFace, ...]
    files: tuple[tuple[str, str], ...]
    command: str


def trial_panel(run: RunView, trial: str) -> TrialPanel:
    """What is told of a complete trial of ``run``.

    Raises:
        ValueError: there is no such trial, or its name leads out of the run's folder.
    """
    rows = run.trials.filter(pl.col("trial") == trial)
    if rows.is_empty() or os.path.basename(trial) != trial or trial.startswith("."):
        raise ValueError(f"no trial is named {trial!r}")
    row = rows.row(0, named=True)
    folder = run.folder / "models" / trial
    judged = [objective.column for objective in run.experiment.objectives]
    return TrialPanel(
        trial=trial,
        recipe=_recipe(run.trials, row),
        scores=_scores(row, [*judged, *_SCORES]),
        faces=tuple(
            KeptFace(*(file_address(run.name, trial, f"{FACES}/{name}") for name in face))
            for face in kept_faces(folder)
        ),
        files=tuple((name, file_address(run.name, trial, name)) for name in download_names(folder)),
        command=_command(run, row),
    )


def _recipe(trials: pl.DataFrame, row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    names = [name for name in row if name.startswith("param.") and row[name] is not None]
    done = trials.filter(pl.col("state") == "complete")
    differing = [name for name in names if done[name].n_unique() > 1]
    return tuple((name.removeprefix("param."), told(row, name)) for name in differing)


def _scores(row: Mapping[str, Any], names: list[str]) -> tuple[tuple[str, str], ...]:
    found = [name for name in dict.fromkeys(names) if row.get(name) is not None]
    return tuple((measure(name).title, with_origin(row, name)) for name in found)


def _command(run: RunView, row: Mapping[str, Any]) -> str:
    experiment = str(run.folder / "experiment.yaml")
    settings = [word for s in repeat_settings(run.experiment, row) for word in ("--set", s)]
    out = f"{run.folder}-{row['trial']}"
    return shlex.join(["paretint", "run", experiment, *settings, "--out", out])


def draw_trial_panel(panel: TrialPanel, close: str) -> Component:
    """``panel`` beside the figure; ``close`` is the address without it."""
    return html.Aside(
        [
            html.Div([html.H2(panel.trial), dcc.Link("Close", href=close)], className="panel-head"),
            _facts(panel.recipe + panel.scores),
            *_faces(panel),
            html.H3("Files"),
            _downloads(panel),
            html.H3("Run it again"),
            html.Pre(panel.command, className="command", tabIndex="0"),
        ],
        className="panel",
    )


def _facts(facts: tuple[tuple[str, str], ...]) -> Component:
    return html.Dl(
        [part for name, value in facts for part in (html.Dt(name), html.Dd(value))],
        className="facts",
    )


def _faces(panel: TrialPanel) -> list[Component]:
    """Held-out faces, before and made up one upon the other, with a slider that uncovers them."""
    head = html.H3("Held-out faces")
    if not panel.faces:
        return [head, html.P("None were kept with this trial's files.", className="caption")]
    pictures = [
        html.Div(
            [
                html.Img(src=face.made_up, alt=""),
                html.Img(src=face.before, alt="", className="above"),
            ],
            className="face",
        )
        for face in panel.faces
    ]
    told: dict[str, Any] = {
        "aria-label": f"Held-out faces before and made up by {panel.trial}",
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        "aria-valuenow": "50",
        "aria-valuetext": "50 % before",
    }
    look: dict[str, Any] = {
        "role": "slider",
        "tabIndex": "0",
        "className": "faces",
    }
    slider = html.Div(pictures, **look, **told)
    after = [
        html.Img(src=face.after, alt=f"face {number} truly made up")
        for number, face in enumerate(panel.faces, 1)
    ]
    return [
        head,
        slider,
        html.P("Left of the line before, right of it as made up: drag it.", className="caption"),
        html.Div(after, className="afters"),
        html.P("What was to be reached.", className="caption"),
    ]


def _downloads(panel: TrialPanel) -> Component:
    if not panel.files:
        return notice("This trial's files are gone.")
    links = [html.Li(html.A(name, href=address, download=name)) for name, address in panel.files]
    return html.Ul(links, className="downloads")
