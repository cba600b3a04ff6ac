"""The card of a picked model: what it is, what it scores, why it won, where it ends."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from paretint.config import Experiment, ProceduralFaces
from paretint.config.paths import shareable
from paretint.front.choice import Choice, Row
from paretint.front.measures import estimate, show, told
from paretint.front.winner.facts import side_of
from paretint.front.winner.reproduce import REPRODUCE
from paretint.front.winner.samples import SAMPLES
from paretint.front.winner.snippets import snippets
from paretint.store import Run

_BEATEN_SHOWN = 5
_SPEEDS = ("fps", "p50_ms", "p90_ms", "p99_ms", "relative", "provenance")


def write_card(run: Run, choice: Choice, coreml: bool, unshown: str | None = None) -> str:
    """The card of the picked trial as Markdown; the same choice gives the same text.

    coreml: whether there is a Core ML package; unshown: why there are no samples, None where
    there are.
    """
    experiment = run.experiment
    parts = [
        f"# {experiment.name}: {choice.trial}",
        _what(experiment, choice.row),
        *snippets(side_of(experiment, choice.row), coreml),
        *_recipe(choice.row),
        *_data(experiment, choice.row, unshown),
        *_scores(choice.row),
        *_reason(run, choice),
        *_limits(experiment),
    ]
    return "\n\n".join(parts) + "\n"


def _what(experiment: Experiment, row: Row) -> str:
    size = side_of(experiment, row)
    return (
        f"A makeup model for the style {experiment.faces.style} (licence: {experiment.licence})."
        f" It takes a face photo of {size}×{size} pixels as `photo`"
        f" (1×3×{size}×{size}, float32 in [0, 1], RGB) and gives the made-up photo as `made_up`,"
        " of the same form. To a photo of another size, add what the model adds to it at its own:"
        " `paretint apply model.onnx PHOTO` does."
    )


def _recipe(row: Row) -> list[str]:
    names = [column.removeprefix("param.") for column in row if column.startswith("param.")]
    facts = [(name, show(f"param.{name}", shareable(name, row[f"param.{name}"]))) for name in names]
    again = f"`{REPRODUCE}` trains it anew."
    return ["## Recipe", _table(("parameter", "value"), facts), again]


def _data(experiment: Experiment, row: Row, unshown: str | None) -> list[str]:
    faces = experiment.faces
    kind = "photographed faces"
    if isinstance(faces, ProceduralFaces):
        kind = f"procedural faces in the style {faces.style}"
    source, amplified = show("", row.get("param.pairs")), show("", row.get("param.amplified"))
    shown = f"`{SAMPLES}` shows some of the held-out faces."
    return [
        "## Data",
        f"Seed {row.get('seed', experiment.seed)}. Trained on {kind}: {source} source pairs, and"
        f" {amplified} pairs amplified from them. {faces.heldout} held-out pairs, of faces that"
        " took no part in training or amplification, judged it.",
        shown if unshown is None else f"No samples: {unshown}.",
    ]


def _scores(row: Row) -> list[str]:
    figures = [
        (column, told(row, column))
        for column, value in row.items()
        if column.startswith(("quality.", "size.", "gate.", "cost."))
        and not column.endswith(("_lo", "_hi"))
        and value is not None
    ]
    devices = [c.split(".")[1] for c in row if c.startswith("speed.") and c.count(".") == 2]
    speeds = [(device, *_speeds(row, device)) for device in dict.fromkeys(devices)]
    return [
        "## Scores",
        "On held-out faces; ± is the longer arm of the 95 % interval. Speeds say where they come"
        " from: measured on a device, by a proxy for it, or predicted.",
        _table(("score", "value"), figures),
        _table(("device", *_SPEEDS), speeds),
    ]


def _speeds(row: Row, device: str) -> list[str]:
    columns = [f"speed.{device}.{figure}" for figure in _SPEEDS]
    return [show(column, estimate(row, column)) for column in columns]


def _reason(run: Run, choice: Choice) -> list[str]:
    notes = [f"Note: {note}." for note in choice.notes]
    command = shlex.join(["paretint", "pick", run.folder.resolve().name, *choice.options])
    again = f"Picked with:\n\n```sh\n{command}\n```"
    return ["## Why it won", f"{choice.reason}.", *notes, *_beaten(choice), again]


def _beaten(choice: Choice) -> list[str]:
    if not choice.beaten:
        return ["No other trial met the rule."]
    columns = [choice.best, *choice.then]
    shown = choice.beaten[:_BEATEN_SHOWN]
    facts = [[row["trial"], *(told(row, column) for column in columns)] for row in shown]
    more = len(choice.beaten) - len(shown)
    tail = [f"and {more} more."] if more else []
    return ["Over:", _table(("trial", *columns), facts), *tail]


def _limits(experiment: Experiment) -> list[str]:
    size = experiment.faces.size
    return [
        "## Limits",
        f"One style; faces aligned as the training data were; {size}×{size} pixels. Scores hold"
        " for faces like the held-out ones, speeds for the devices named above.",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
