"""The devices: how fast models are on them, how sure that is, and how the numbers were come by."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from dash import html
from dash.development.base_component import Component

from paretint.dashboard import (
    Placement,
    RankPicture,
    RunView,
    Select,
    State,
    TimingPicture,
    burst_key,
    controls,
    devices,
    draw_burst_picture,
    draw_histogram_picture,
    draw_pace_picture,
    draw_rank_picture,
    draw_timing_picture,
    graph,
    notice,
    number_origins,
    placement_table,
    rank_key,
    rank_picture,
    sample_picture,
    sampled,
    speed_origins,
    table,
    tiles,
    timing_key,
    timing_picture,
)
from paretint.front import front, measure, with_columns

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
    "Whether models come in the same order on {host}, which the search went by, as elsewhere:"
    " Spearman's rank correlation of the speeds of models that were measured on both, 1 for the"
    " same order, 0 for none, with its 95 % interval."
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
    models = len(picture.timings) + picture.untold
    bursts = [t.burst for t in picture.timings if t.burst is not None]
    spreads = [t.cv for t in picture.timings if t.cv is not None]
    loads = [t.load_ms for t in picture.timings if t.load_ms is not None]
    return tiles(
        [
            ("Measured", f"{models:,}", f"models on {picture.device}"),
            ("Predicted", f"{picture.predicted:,}", "trials, from measured ones"),
            ("Variation", f"{median(spreads):.0%}" if spreads else "–", "of one inference, median"),
            ("Burst", f"{median(bursts):.2f} ×" if bursts else "–", "sustained time, median"),
            ("Load", f"{median(loads):.1f} ms" if loads else "–", "median model"),
        ]
    )


def timings(run: RunView, picture: TimingPicture) -> Sequence[Component]:
    """How the inferences of each model are spread."""
    head = html.H2("How inferences are spread")
    if not picture.timings:
        told = f"{picture.untold:,} models tell their fps alone" if picture.untold else "none"
        return [head, notice(f"No quantiles of times on {picture.device}: {told}.")]
    left = len(picture.timings) - len(picture.drawn)
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
        *on_front(run, picture.device),
    ]


FIGURES = ("fps", "p50_ms", "p90_ms", "p99_ms", "burst_ms", "cv", "load_ms", "relative")


def on_front(run: RunView, device: str) -> Sequence[Component]:
    """The timings of the models on the front, in numbers."""
    names = [f"speed.{device}.{figure}" for figure in FIGURES]
    origin = f"speed.{device}.provenance"
    rows = with_columns(front(run.trials, run.experiment.objectives), [*names, origin])
    known = rows.drop_nulls(names[0]).head(MOST_ROWS)
    if known.is_empty():
        return []
    heads = [f"{measure(name).title}\n{measure(name).unit}".rstrip() for name in names]
    cells = [
        [row["trial"], *(brief(row[name]) for name in names), row[origin] or "unstated"]
        for row in known.iter_rows(named=True)
    ]
    lead = html.P("The same of the models on the front:", className="lead")
    return [lead, table(["", *heads, "come by"], cells)]


def brief(value: float | None) -> str:
    """Three digits of a number, for models may differ a hundredfold."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def burst(picture: TimingPicture) -> Sequence[Component]:
    """How a fresh session compares with a settled one."""
    head = html.H2("Burst against sustained")
    if all(timing.burst is None for timing in picture.timings):
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
    rows = [agreement(picture) for picture in pictures.values()]
    heads = ["", "models\nmeasured on both", "rank correlation"]
    return [
        head,
        html.P(RANKS.format(host=host), className="lead"),
        table(heads, rows),
        *(drawn if shown.models > 1 else []),
    ]


def agreement(picture: RankPicture) -> Sequence[Component | str]:
    """How far a device agrees with the host, as a row of a table."""
    rho = "–"
    if picture.rho is not None:
        low, high = picture.rho.lo, picture.rho.hi
        told = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
        rho = f"{picture.rho.value:.2f}{told}"
    return [picture.device, f"{picture.models:,}", rho]


def placement(run: RunView, known: Sequence[str]) -> Sequence[Component]:
    """Where the operators of the models run."""
    head, found = html.H2("Where operators run"), placement_table(run, known)
    if not found.rows:
        return [head, notice("Nothing of this run tells where operators run.")]
    left = len(found.rows) - MOST_ROWS
    more = f" {left:,} more kinds of models are left out." if left > 0 else ""
    heads = ["first", "trials", "Core ML\ntakes", "NNAPI\ntakes"]
    heads += [f"on the NPU\n{device}" for device in found.devices]
    rows = [placed(row) for row in found.rows[:MOST_ROWS]]
    why = html.Th("warnings for phones", scope="col", className="text")
    return [head, html.P(PLACEMENT + more, className="lead"), table([*heads, why], rows)]


def placed(row: Placement) -> Sequence[Component | str]:
    """Where the operators of some models run, as a row of a table."""
    shares = [share(row.coreml, row.coreml), share(row.nnapi, row.nnapi)]
    shares += [share(*ends) if ends else "–" for ends in row.npu]
    return [
        row.trial, f"{row.trials:,}", *shares, html.Td(row.why or "none", className="text")
    ]  # fmt: skip


def share(low: float | None, high: float | None) -> str:
    """A share, or the least and the most of some, in per cent."""
    if low is None or high is None:
        return "–"
    return f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"


def provenance(run: RunView, known: Sequence[str]) -> Sequence[Component]:
    """How every number of the run was come by."""
    speeds = [
        [f"speed.{o.device}.*", f"{o.trials:,}", cell(o.told), cell(", ".join(o.figures)),
         cell("; ".join(f"{said} ({count:,})" for said, count in o.sources) or HERE)]
        for o in speed_origins(run, known)
    ]  # fmt: skip
    others = [[o.columns, f"{o.trials:,}", cell(o.told)] for o in number_origins(run)]
    versions = ", ".join(f"{name} {told}" for name, told in run.experiment.versions.items())
    return [
        html.H2("Where every number comes from"),
        html.P(f"{FIRST} Written by {versions or 'an unstated version'}.", className="lead"),
        table(["", "trials", column("come by"), column("figures"), column("as told by")], speeds),
        table(["", "trials", column("come by")], others),
    ]


FIRST = "speed.* without a device is that of the experiment's first device."
HERE = "the run: timed by its processes, or found in their store"


def cell(text: str) -> Component:
    """A cell of running text."""
    return html.Td(text, className="text")


def column(text: str) -> Component:
    """The head of a column of running text."""
    return html.Th(text, scope="col", className="text")
