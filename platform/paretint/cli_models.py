"""`paretint bench`, `apply` and `import`: models that are there already."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from paretint.errors import UserError
from paretint.store import Run, Store
from paretint.terminal import say, say_skipped, say_table

StoreUrl = Annotated[str | None, typer.Option(help="Where artifacts lie.")]


def bench(
    target: Annotated[
        Path, typer.Argument(metavar="FILE|RUN", help="An ONNX file, a parser's file, or a run.")
    ],
    size: Annotated[
        int | None,
        typer.Option(help="The side of a parser's maps, in pixels; default its photos'."),
    ] = None,
    device: Annotated[str, typer.Option(help="The device to time on.")] = "ort-cpu",
    store: StoreUrl = None,
) -> None:
    """Show a model's sizes and what phones make of it, or all of a run's, and time it."""
    from paretint.device import (
        candidates,
        draw_histogram,
        gate_rows,
        gate_table,
        histogram,
        measured,
        runner,
        size_rows,
        size_table,
        timing,
        timing_rows,
        timing_table,
    )
    from paretint.export import gate

    runner(device).check()  # one that is not there is told before the work
    console, known = Console(), Store.at(store)
    run = target if target.is_dir() else None
    models = candidates(target, size, known)
    console.print(size_table(size_rows((model.name, model.sizes) for model in models)))
    gates = [(model.name, gate(model.onnx)) for model in models]
    console.print(gate_table(gate_rows(gates)))
    for name, told in gates:
        for warning in told.warnings:
            say(f"{name}: {warning}", style="yellow")
    found = [(model.name, measured(model.onnx, device, known, run=run)) for model in models]
    timings = [(name, timing(each, device)) for name, each in found]
    console.print(timing_table(timing_rows(timings), timings[0][1].provenance))
    console.print("\nhow its inferences are spread, in ms:")
    for name, each in found:
        console.print(draw_histogram(name, histogram(each.samples)), soft_wrap=True)


def predict(
    target: Annotated[
        Path, typer.Argument(metavar="FILE|RUN", help="An ONNX file, or a run to fill in.")
    ],
    device: Annotated[str, typer.Option(help="A device on which other models were measured.")],
    fitted_on: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="The run they are in; default the run to fill in."),
    ] = None,
) -> None:
    """Predict the speed of a model that was never timed, or of all such of a run."""
    source = fitted_on or target
    if not source.is_dir():
        raise UserError(f"{source}: is no run; name one with measured trials by --fitted-on")
    from paretint.device import (
        fitted,
        predict_file,
        predict_run,
        prediction_rows,
        prediction_table,
    )

    model = fitted(Run.open(source), device)
    if target.is_dir():
        predictions, skipped = predict_run(Run.open(target), model)
    else:
        predictions, skipped = [(target.name, predict_file(target, model))], []
    for line in skipped:
        say(f"skipped: {line}", "yellow")
    if not predictions:
        say(f"{target}: no complete trial is left that was not measured on {device}")
        return
    Console().print(prediction_table(prediction_rows(predictions), model))
    for name, found in predictions:
        if found.unseen:
            unseen = ", ".join(found.unseen)
            say(f"{name}: no measured model has its {unseen}; they count as nothing", "yellow")


def apply(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A student's ONNX file.")],
    photos: Annotated[
        list[Path], typer.Argument(metavar="PHOTO...", help="Photos, each cropped to a face.")
    ],
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("made_up"),
) -> None:
    """Make up photos of any size."""
    from paretint.export import apply_all

    told = list(apply_all(model, photos, out))
    made = [entry for entry in told if isinstance(entry, Path)]
    say_skipped([str(entry) for entry in told if not isinstance(entry, Path)], Console())
    if not made:
        raise UserError(f"none of the {len(photos)} photos can be read; nothing is made up")
    say(f"{len(made)} made up in {out}")


def import_checkpoint(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="CHECKPOINT", help="A published one, such as style1.pt.")
    ],
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")],
    store: StoreUrl = None,
) -> None:
    """Score a published TinyBeauty checkpoint beside a run's trials, as a baseline."""
    from paretint.front import baseline_table, draw_baseline_table
    from paretint.store import Ledger
    from paretint.sweep.baseline import add_baseline

    opened = Run.open(run)
    add_baseline(opened, checkpoint, Store.at(store), Console())
    table = baseline_table(Ledger(opened).baselines(), opened.experiment.objectives)
    say_table(draw_baseline_table(table))
