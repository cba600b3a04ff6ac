"""`paretint apply` and `paretint import`: models that are there already."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from paretint.errors import UserError
from paretint.store import Run, Store
from paretint.terminal import say, say_skipped


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
    store: Annotated[str | None, typer.Option(help="Where artifacts lie.")] = None,
) -> None:
    """Score a published TinyBeauty checkpoint beside a run's trials, as a baseline."""
    from paretint.front import baseline_table, draw_baseline_table
    from paretint.store import Ledger
    from paretint.sweep.baseline import add_baseline

    console, opened = Console(), Run.open(run)
    add_baseline(opened, checkpoint, Store.at(store), console)
    table = baseline_table(Ledger(opened).baselines(), opened.experiment.objectives)
    console.print(draw_baseline_table(table))
