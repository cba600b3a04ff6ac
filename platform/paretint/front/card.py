"""The card of a picked model: what it is, what it scores, why it won, where it ends."""

from __future__ import annotations

from collections.abc import Sequence

from paretint.config import Experiment
from paretint.front.choice import Choice, Row
from paretint.front.measures import estimate, measure, show
from paretint.store import Run

_BEATEN_SHOWN = 5
_SPEEDS = ("fps", "p50_ms", "p90_ms", "p99_ms", "relative", "provenance")


def write_card(run: Run, choice: Choice) -> str:
    """The card of the picked trial as Markdown; the same choice gives the same text."""
    experiment = run.experiment
    parts = [
        f"# {experiment.name}: {choice.trial}",
        _what(experiment, choice.row),
        *_recipe(experiment, choice.row),
        *_scores(choice.row),
        *_reason(choice),
        *_limits(experiment),
    ]
    return "\n\n".join(parts) + "\n"


def _what(experiment: Experiment, row: Row) -> str:
    size = row.get("param.input_size") or experiment.faces.size
    return (
        f"A makeup model for the style {experiment.faces.style} (licence: {experiment.licence})."
        f" It takes a face photo of {size}×{size} pixels as `photo`"
        f" (1×3×{size}×{size}, float32 in [0, 1], RGB) and gives the made-up photo as `made_up`,"
        " of the same form. To a photo of another size, add what the model adds to it at its own:"
        " `paretint apply` does."
    )


def _recipe(experiment: Experiment, row: Row) -> list[str]:
    params = [column for column in row if column.startswith("param.")]
    facts = [(column.removeprefix("param."), _told(row, column)) for column in params]
    kind = "procedural" if experiment.faces.source == "procedural" else "photographed"
    trained = f"Seed {row.get('seed', experiment.seed)}, trained on {kind} faces."
    return ["## Recipe", _table(("parameter", "value"), facts), trained]


def _scores(row: Row) -> list[str]:
    figures = [
        (column, _told(row, column))
        for column, value in row.items()
        if column.startswith(("quality.", "size.", "cost."))
        and not column.endswith(("_lo", "_hi"))
        and value is not None
    ]
    devices = [c.split(".")[1] for c in row if c.startswith("speed.") and c.count(".") == 2]
    speeds = [
        (device, *(show(f"speed.{name}", row.get(f"speed.{device}.{name}")) for name in _SPEEDS))
        for device in dict.fromkeys(devices)
    ]
    return [
        "## Scores",
        "On held-out faces that took no part in training or amplification; ± is the longer arm"
        " of the 95 % interval.",
        _table(("score", "value"), figures),
        _table(("device", *_SPEEDS), speeds),
    ]


def _reason(choice: Choice) -> list[str]:
    notes = [f"Note: {note}." for note in choice.notes]
    return ["## Why it won", f"{choice.reason}.", *notes, *_beaten(choice)]


def _beaten(choice: Choice) -> list[str]:
    if not choice.beaten:
        return ["No other trial met the rule."]
    shown = choice.beaten[:_BEATEN_SHOWN]
    facts = [(row["trial"], _told(row, choice.best)) for row in shown]
    more = len(choice.beaten) - len(shown)
    tail = [f"and {more} more."] if more else []
    return ["Over:", _table(("trial", choice.best), facts), *tail]


def _limits(experiment: Experiment) -> list[str]:
    size = experiment.faces.size
    return [
        "## Limits",
        f"One style; faces aligned as the training data were; {size}×{size} pixels. Scores hold"
        " for faces like the held-out ones, speeds for the devices named above.",
    ]


def _told(row: Row, column: str) -> str:
    return f"{show(column, estimate(row, column))} {measure(column).unit}".rstrip()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
