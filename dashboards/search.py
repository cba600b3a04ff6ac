"""The search: how the front grew, how trials ended and why, and who worked when."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from paretint.dashboard import (
    End,
    RunView,
    draw_timeline_picture,
    draw_volume_picture,
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

VOLUME = (
    "The hypervolume of the complete trials over {reference}, as they ended. Work counts the"
    " seconds of all stages of all trials, also of those that were stopped or failed."
)
TIMELINE = (
    "Each bar is a trial; point at it for its recipe. Its stages are drawn one after the other:"
    " training and scoring take turns, and each is drawn as one.{left}"
)
MOST_ENDS = 40


def draw(run: RunView) -> Sequence[Component]:
    """The page's content for a run."""
    if run.trials.is_empty():
        return [notice(f"Nothing to draw yet: none of {run.experiment.trials} trials is over.")]
    found = ends(run)
    return [summary(run, found), *volume(run), *reasons(found), *timeline(run)]


def summary(run: RunView, found: Sequence[End]) -> Component:
    """How many trials ended in each way, and what the others saved."""
    counts = {kind: sum(end.trials for end in found if end.kind == kind) for kind in KINDS}
    saved = sum(end.saved_s for end in found)
    tail = f"of {run.experiment.trials:,} trials"
    facts = [(kind.capitalize(), f"{counts[kind]:,}", note) for kind, note in KINDS.items()]
    facts[0] = (facts[0][0], facts[0][1], tail)
    return tiles([*facts, ("Saved", span(saved), "of work, as it was expected")])


KINDS = {
    "complete": "",
    "stopped early": "others were ahead",
    "never trained": "a constraint, or others ahead",
    "failed": "see why below",
}


def volume(run: RunView) -> Sequence[Component]:
    """How the hypervolume grew."""
    picture = volume_picture(run)
    reference = " and ".join(
        f"{o.reference:g} {measure(o.column).unit or measure(o.column).title}"
        for o in picture.objectives
    )
    panels = 3 if picture.timed else 2
    return [
        html.H2("Hypervolume"),
        *graph(
            f"search-volume-{panels}",
            draw_volume_picture(picture),
            VOLUME.format(reference=reference),
            height=200 * panels,
        ),
    ]


def reasons(found: Sequence[End]) -> Sequence[Component]:
    """What did not run to its end, and why."""
    early = [end for end in found if end.kind != "complete"]
    if not early:
        return [html.H2("Why trials ended early"), html.P("None did.", className="lead")]
    left = sum(end.trials for end in early[MOST_ENDS:])
    more = f" {left:,} more trials had other reasons." if left else ""
    rows = [
        [end.kind, f"{end.trials:,}", end.first, span(end.saved_s) if end.saved_s else "–",
         html.Td(end.reason or "no reason was written down", className="text")]
        for end in early[:MOST_ENDS]
    ]  # fmt: skip
    lead = f"Reasons that differ in their numbers alone are told once, as of the first trial.{more}"
    return [
        html.H2("Why trials ended early"),
        html.P(lead, className="lead"),
        table(["", "trials", "first", "saved", "why"], rows),
    ]


def timeline(run: RunView) -> Sequence[Component]:
    """Who worked on which trial, and when."""
    head = html.H2("Timeline by worker")
    if not has_timeline(run):
        return [head, notice(
            "No trial of this run tells who worked on it and when: it was made by an older version"
            " of Paretint, or none has begun. It has no timeline."
        )]  # fmt: skip
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


def span(seconds: float) -> str:
    """Seconds in the unit that people would use."""
    if seconds < 120:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 7200 else f"{seconds / 3600:,.1f} h"
