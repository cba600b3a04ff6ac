"""The search: how the front grew, how trials ended and why, and who worked when."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from paretint.dashboard import (
    End,
    RunView,
    Select,
    State,
    controls,
    draw_timeline_picture,
    draw_volume_picture,
    duration,
    ends,
    graph,
    has_timeline,
    notice,
    table,
    tiles,
    timeline_height,
    timeline_key,
    timeline_picture,
    volume_picture,
)
from paretint.front import measure

TITLE = "Search"
ORDER = 30

KINDS = {
    "complete": "of {asked:,} trials; {over:,} are over",
    "stopped early": "at a rung, with others ahead",
    "never trained": "a broken constraint, or others sure to win",
    "failed": "why is told below",
}
OVER = {
    "all": "all of them, one below the other",
    "trials": "finished trials",
    "time": "time since the first trial began",
    "work": "work of all workers",
}
VOLUME = (
    "The hypervolume of the complete trials over {reference}, as they ended. Work is what all"
    " stages of all trials took, also of those that were stopped or failed."
)
NO_VOLUME = (
    "No complete trial is better than the reference point ({reference}) in every objective yet:"
    " the hypervolume is 0."
)
TIMELINE = (
    "A bar is a trial; point at it for its recipe. Its stages are drawn one after the other:"
    " training and scoring take turns, and each is drawn as one.{left}"
)
NO_TIMELINE = (
    "No trial of this run tells who worked on it and when: either none has begun, or an older"
    " version of Paretint made the run."
)
MOST_ENDS = 40


def draw(run: RunView, state: State) -> Sequence[Component]:
    """The page's content for a run, as the reader asks."""
    if run.trials.is_empty():
        return [notice(f"Nothing to draw yet: none of {run.experiment.trials:,} trials is over.")]
    found = ends(run)
    return [summary(run, found), *volume(run, state), *reasons(found), *timeline(run)]


def summary(run: RunView, found: Sequence[End]) -> Component:
    """How many trials ended in each way, and what the others saved."""
    counts = {kind: sum(end.trials for end in found if end.kind == kind) for kind in KINDS}
    far = {"asked": run.experiment.trials, "over": run.trials.height}
    facts = [
        (kind.capitalize(), f"{counts[kind]:,}", note.format(**far)) for kind, note in KINDS.items()
    ]
    saved = sum(end.saved_s for end in found)
    return tiles([*facts, ("Saved", duration(saved), "of work, as it was expected")])


def volume(run: RunView, state: State) -> Sequence[Component]:
    """How the hypervolume grew."""
    picture = volume_picture(run)
    reference = " and ".join(
        f"{o.reference:g} {measure(o.column).unit or measure(o.column).title}"
        for o in picture.objectives
    )
    if not picture.steps[-1].volume:
        return [html.H2("Hypervolume"), notice(NO_VOLUME.format(reference=reference))]
    options = {name: OVER[name] for name in ("all", *picture.told)}
    axis = Select("over", "Hypervolume over", options, "all")
    chosen = state.read(axis)
    shown = [spent for spent in picture.told if chosen in ("all", spent)]
    return [
        html.H2("Hypervolume"),
        controls(state, [axis]),
        *graph(
            f"search-volume-{'-'.join(shown)}",
            draw_volume_picture(picture, shown),
            VOLUME.format(reference=reference),
            height=max(360, 200 * len(shown)),
        ),
    ]


def reasons(found: Sequence[End]) -> Sequence[Component]:
    """What did not run to its end, and why."""
    head = html.H2("Why trials ended early")
    early = [end for end in found if end.kind != "complete"]
    if not early:
        return [head, html.P("None did.", className="lead")]
    left = sum(end.trials for end in early[MOST_ENDS:])
    more = f" {left:,} more trials had other reasons." if left else ""
    rows = [
        [
            end.kind,
            html.Td(end.reason or "no reason was written down", className="text"),
            f"{end.trials:,}",
            end.first,
            duration(end.saved_s) if end.saved_s else "–",
        ]
        for end in early[:MOST_ENDS]
    ]
    lead = f"Reasons that differ in their numbers alone are told once, as of the first trial.{more}"
    why = html.Th("why", scope="col", className="text")
    return [
        head,
        html.P(lead, className="lead"),
        table(["", why, "trials", "first", "saved"], rows),
    ]


def timeline(run: RunView) -> Sequence[Component]:
    """Who worked on which trial, and when."""
    head = html.H2("Timeline by worker")
    if not has_timeline(run):
        return [head, notice(NO_TIMELINE)]
    picture = timeline_picture(run)
    left = f" {picture.earlier:,} earlier trials are left out." if picture.earlier else ""
    if picture.unknown:
        left += f" {picture.unknown:,} trials never began, or their process died."
    return [
        head,
        *graph(
            f"search-timeline-{len(picture.workers)}",
            draw_timeline_picture(picture),
            TIMELINE.format(left=left),
            timeline_key(picture),
            timeline_height(picture),
        ),
    ]
