"""The devices: how fast models are on them, how sure that is, and how the numbers were come by."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from paretint.dashboard import (
    RunView,
    Select,
    State,
    TimingPicture,
    burst_key,
    controls,
    devices,
    draw_burst_picture,
    draw_front_timings,
    draw_histogram_picture,
    draw_number_origins,
    draw_pace_picture,
    draw_placement_table,
    draw_rank_picture,
    draw_rank_table,
    draw_speed_origins,
    draw_timing_picture,
    front_timings,
    graph,
    notice,
    number_origins,
    placement_table,
    rank_key,
    rank_picture,
    sample_picture,
    sampled,
    speed_origins,
    tiles,
    timing_key,
    timing_picture,
)

TITLE = "Devices"
ORDER = 50

NOTHING = (
    "No model of this run was timed on a device yet. Trials are timed before they are trained;"
    " `paretint device agent` and `paretint device import` add other devices."
)
TIMINGS = (
    "Each model that was timed on {device}, once; models that differ by their weights alone share"
    " a measurement. Point at a mark for its recipe.{left}"
)
BURST = (
    "The median of the first inferences of a fresh session over that of settled ones. Phones run a"
    " burst faster than they can sustain; computers, whose caches are cold, slower. Speeds and"
    " rules are of settled inferences."
)
HISTOGRAM = (
    "Settled inferences of {trial}'s model on {device}, in equal steps up to the 99th percentile;"
    " the last step also holds slower ones, the slowest of {slowest:.4g} ms."
)
PACE = "How the pace of a fresh session settles: medians over {sessions}."
NO_SAMPLES = (
    "This run keeps no raw times of {device}, and the figures above are all that its ledger tells."
    " Those of a device at hand stay in the store of the machine that measured them; those of"
    " agents, and of reports that tell them, lie in the run."
)
RANKS = (
    "Whether models come in the same order on {host} as elsewhere: Spearman's rank correlation of"
    " the speeds of models that were measured on both, 1 for the same order, 0 for none, with its"
    " 95 % interval."
)
ONE_DEVICE = (
    "Only {host} has measured speeds in this run, so there is nothing to hold them against."
    " `paretint device agent` measures the same models elsewhere."
)
PLACEMENT = (
    "The share of operators that onnxruntime would hand to Core ML and to Android's NNAPI, as the"
    " file's graph alone tells; the rest falls back to the CPU. A device that tells where it ran"
    " them has the share of the work that its neural accelerator took. Where a single operator"
    " ran is not recorded."
)
FIRST = "speed.* without a device is that of the experiment's first device."
MOST_ROWS = 30


def draw(run: RunView, state: State) -> Sequence[Component]:
    """The page's content for a run, as the reader asks."""
    known = devices(run)
    if run.trials.is_empty():
        return [notice(f"Nothing to draw yet: none of {run.experiment.trials:,} trials is over.")]
    timed = on_device(run, known, state) if known else [notice(NOTHING)]
    return [*timed, *placement(run, known), *provenance(run, known)]


def on_device(run: RunView, known: Sequence[str], state: State) -> Sequence[Component]:
    """All of one device, which the reader chooses, and how it agrees with the others."""
    chosen = Select("device", "Device", {name: name for name in known}, known[0])
    device = state.read(chosen)
    picture = timing_picture(run, device)
    choice = [controls(state, [chosen])] if len(known) > 1 else []
    return [
        summary(picture),
        *choice,
        *timings(run, picture),
        *burst(picture),
        *raw_times(run, device, state),
        *ranks(run, known, device),
    ]


def summary(picture: TimingPicture) -> Component:
    """What was measured on a device, and how steady it is."""
    models = picture.told + picture.untold
    burst, cv, load = picture.burst, picture.cv, picture.load_ms
    return tiles(
        [
            ("Measured", f"{models:,}", f"models on {picture.device}"),
            ("Predicted", f"{picture.predicted:,}", "trials, from measured ones"),
            ("Variation", "–" if cv is None else f"{cv:.0%}", "of one inference, median"),
            ("Burst", "–" if burst is None else f"{burst:.2f} ×", "sustained time, median"),
            ("Load", "–" if load is None else f"{load:.1f} ms", "median model"),
        ]
    )


def timings(run: RunView, picture: TimingPicture) -> Sequence[Component]:
    """How the inferences of each model are spread."""
    head = html.H2("How inferences are spread")
    if not picture.timings:
        told = f"{picture.untold:,} models tell their fps alone" if picture.untold else "none"
        return [head, notice(f"No quantiles of times on {picture.device}: {told}.")]
    front = front_timings(run, picture.device)
    left = picture.told - len(picture.timings)
    thinned = f" {left:,} between these are left out." if left else ""
    untold = f" {picture.untold:,} tell no median." if picture.untold else ""
    return [
        head,
        *graph(
            f"devices-timing-{picture.device}",
            draw_timing_picture(picture),
            TIMINGS.format(device=picture.device, left=thinned + untold),
            timing_key(),
            height=380,
        ),
        *([draw_front_timings(front[:MOST_ROWS])] if front else []),
    ]


def burst(picture: TimingPicture) -> Sequence[Component]:
    """How a fresh session compares with a settled one."""
    head = html.H2("Burst against sustained")
    if picture.burst is None:
        return [head, notice(f"No measurement on {picture.device} tells fresh sessions apart.")]
    name = f"devices-burst-{picture.device}"
    return [head, *graph(name, draw_burst_picture(picture), BURST, burst_key(), 320)]


def raw_times(run: RunView, device: str, state: State) -> Sequence[Component]:
    """Every inference of one model, where the run keeps them."""
    head = html.H2("Every inference of one model")
    trials = sampled(run, device)
    if not trials:
        return [head, notice(NO_SAMPLES.format(device=device))]
    chosen = Select("model", "Model", {trial: trial for trial in trials}, trials[0])
    picture = sample_picture(run, device, state.read(chosen))
    if picture is None:
        return [head, controls(state, [chosen]), notice("Its raw times cannot be read.")]
    sessions = "1 session" if picture.sessions == 1 else f"{picture.sessions} sessions"
    told = {"trial": picture.trial, "device": device, "slowest": picture.slowest}
    place = f"{device}-{picture.trial}"
    spread, pace = draw_histogram_picture(picture), draw_pace_picture(picture)
    return [
        head,
        controls(state, [chosen]),
        *graph(f"devices-raw-{place}", spread, HISTOGRAM.format(**told), height=300),
        *graph(f"devices-pace-{place}", pace, PACE.format(sessions=sessions), height=300),
    ]


def ranks(run: RunView, known: Sequence[str], device: str) -> Sequence[Component]:
    """Whether the device that the search went by puts models in the order of others."""
    head, host = html.H2("Host against device"), known[0]
    if len(known) == 1:
        return [head, notice(ONE_DEVICE.format(host=host))]
    pictures = {other: rank_picture(run, host, other) for other in known[1:]}
    shown = pictures.get(device) or next(iter(pictures.values()))
    drawn = graph(
        f"devices-ranks-{shown.device}-{shown.models}",
        draw_rank_picture(shown),
        f"The places of {shown.models:,} models on {host} and on {shown.device}, 1 the fastest.",
        rank_key(),
        height=400,
    )
    return [
        head,
        html.P(RANKS.format(host=host), className="lead"),
        draw_rank_table([*pictures.values()]),
        *(drawn if shown.models > 1 else []),
    ]


def placement(run: RunView, known: Sequence[str]) -> Sequence[Component]:
    """Where the operators of the models run."""
    head, found = html.H2("Where operators run"), placement_table(run, known)
    if not found.rows:
        return [head, notice("Nothing of this run tells where operators run.")]
    left = len(found.rows) - MOST_ROWS
    more = f" {left:,} more kinds of models are left out." if left > 0 else ""
    drawn = draw_placement_table(found, MOST_ROWS)
    return [head, html.P(PLACEMENT + more, className="lead"), drawn]


def provenance(run: RunView, known: Sequence[str]) -> Sequence[Component]:
    """How every number of the run was come by."""
    versions = ", ".join(f"{name} {told}" for name, told in run.experiment.versions.items())
    return [
        html.H2("Where every number comes from"),
        html.P(f"{FIRST} Written by {versions or 'an unstated version'}.", className="lead"),
        draw_speed_origins(speed_origins(run, known)),
        draw_number_origins(number_origins(run)),
    ]
