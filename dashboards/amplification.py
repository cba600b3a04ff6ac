"""Amplification: how fast images are made and by whom, at what cost, and what they look like."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from paretint.dashboard import (
    MOST_ROWS,
    Actor,
    Amplification,
    AmplifiedSet,
    RunView,
    actor_names,
    actors_key,
    amplification,
    contact_sheet,
    draw_actors,
    draw_rejections,
    duration,
    graph,
    notice,
    rows_height,
    set_names,
    share_text,
    table,
    tiles,
)
from paretint.front import Estimate

TITLE = "Amplification"
ORDER = 40

SPEED = (
    "Diamonds are an actor's mean over its parts, bars 95 % intervals of it; dots are its latest"
    " parts. Fine-tuning, loading and waiting do not count."
)
NO_LOG = (
    "How fast each actor was is not known: this run's log tells of no images drawn. All of them"
    " lay in the store, or an earlier version of Paretint made the run."
)
REJECTED = (
    "The share of draws that the gate rejected, with Wilson's 95 % interval. A rejected draw is"
    " drawn anew, so it costs time and no image."
)
COSTS = (
    "Images: the most that any recipe had of a set, and how many of them this run's actors drew;"
    " the others lay in the store. Waited: how long this run's trials waited for its images, those"
    " that waited together each for itself."
)
# A page stays small, and so does the file of a report.
SHEETS = 8


def draw(run: RunView) -> Sequence[Component]:
    """The page's content for a run."""
    found = amplification(run)
    if not found.sets:
        return [notice(nothing(run))]
    return [
        summary(found),
        html.H2("Images a second, by actor"),
        *speeds(found.actors),
        html.H2("What it cost"),
        costs(found),
        html.P(COSTS, className="caption"),
        html.H2("What the gate rejected"),
        *rejections(found),
        html.H2("What was made"),
        *sheets(run, found.sets),
    ]


def nothing(run: RunView) -> str:
    """That nothing was amplified, and whether that may yet change."""
    ended = f"{run.trials.height} of {run.experiment.trials} trials have ended"
    return f"Nothing was amplified: no recipe so far has amplified images ({ended})."


def summary(found: Amplification) -> Component:
    """The numbers to see first: images, how fast, how many draws were in vain, and the cost."""
    images = sum(each.images for each in found.sets)
    told = f"in {len(found.sets)} set{'s' * (len(found.sets) > 1)}"
    if found.actors:
        told += f"; {sum(each.drawn for each in found.sets):,} drawn here"
    share, low, high = found.rejected
    gpu, waited = found.spent("gpu_s"), found.spent("amplify_s")
    return tiles(
        [
            ("Images", f"{images:,}", told),
            ("Images a second", *speed(found.actors)),
            ("Rejected draws", share_text(share), f"95 %: {between(low, high)}"),
            ("GPU time", duration(gpu), "of amplifying") if gpu
            else ("Waited for images", duration(waited), "summed over trials"),
        ]
    )  # fmt: skip


def speed(actors: Sequence[Actor]) -> tuple[str, str]:
    """How fast an actor is on average, and how many there were."""
    if not actors:
        return "–", "not in this run's log"
    rate = sum(actor.images for actor in actors) / sum(actor.seconds for actor in actors)
    return f"{rate:.2f}", f"an actor; {len(actors)} drew"


def between(low: float | None, high: float | None) -> str:
    """An interval of a share."""
    return f"{share_text(low or 0.0)} to {share_text(high or 0.0)}"


def speeds(actors: Sequence[Actor]) -> Sequence[Component]:
    """Images a second as a figure and a table."""
    if not actors:
        return [notice(NO_LOG)]
    names = actor_names(actors)
    head = ["actor", "images/s", "95 %", "images", "parts", "drawing", "GPU"]
    figure = draw_actors(actors)
    return [
        *graph("actors", figure, SPEED + cut(actors), actors_key(), rows_height(names)),
        table(head, [actor_row(actor) for actor in actors[:MOST_ROWS]]),
    ]


def cut(rows: Sequence[object]) -> str:
    """What a figure leaves out."""
    return f" The first {MOST_ROWS} of {len(rows)}." if len(rows) > MOST_ROWS else ""


def actor_row(actor: Actor) -> Sequence[str]:
    """An actor as a row of the table."""
    return [
        actor.worker,
        f"{actor.rate.value:.2f}",
        rate_interval(actor.rate),
        f"{actor.images:,}",
        f"{len(actor.rates):,}",
        duration(actor.seconds),
        f"{actor.gpus:g}" if actor.gpus else "–",
    ]


def rate_interval(rate: Estimate) -> str:
    """The interval of a rate."""
    return "–" if rate.lo is None or rate.hi is None else f"{rate.lo:.2f} to {rate.hi:.2f}"


def costs(found: Amplification) -> Component:
    """What each set cost."""
    head = ["set", "images", "drawn here", "rejected", "fine-tuning", "waited", "GPU time"]
    return table(head, [cost_row(each, bool(found.actors)) for each in found.sets])


def cost_row(each: AmplifiedSet, logged: bool) -> Sequence[str]:
    """A set as a row of the table; ``logged``: whether the log tells what was drawn."""
    return [
        each.story,
        f"{each.images:,}",
        f"{each.drawn:,}" if logged else "–",
        share_text(each.rejected.value),
        duration(each.fit_s),
        duration(each.amplify_s),
        duration(each.gpu_s) if each.gpu_s else "–",
    ]


def rejections(found: Amplification) -> Sequence[Component]:
    """The share of draws that the gate rejected, by set."""
    names = set_names(found.sets)
    figure = draw_rejections(found.sets)
    caption = REJECTED + cut(found.sets)
    return graph("rejections", figure, caption, (), rows_height(names))


def sheets(run: RunView, sets: Sequence[AmplifiedSet]) -> Sequence[Component]:
    """The first images of each set: faces as they were, and below each as it was made up."""
    found = [(each, sheet) for each in sets if (sheet := contact_sheet(run, each.key)) is not None]
    if not found:
        return [notice("This run keeps no contact sheets; an earlier version of Paretint made it.")]
    left_out = f" The first {SHEETS} of {len(found)} sets." if len(found) > SHEETS else ""
    lead = "The first faces of each set: above as they were, below as the amplifier made them up."
    return [
        html.P(lead + left_out, className="lead"),
        *(draw_sheet(each, sheet) for each, sheet in found[:SHEETS]),
    ]


def draw_sheet(each: AmplifiedSet, sheet: str) -> Component:
    """One set's contact sheet under its name."""
    told = f"Faces before (above) and after (below) amplification, {each.story}"
    picture = html.Img(src=sheet, alt=told)
    return html.Div(
        [html.H3(each.story), html.Div(picture, className="scroll", tabIndex="0")],
        className="sheet",
    )
