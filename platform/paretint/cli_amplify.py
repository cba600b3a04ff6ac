"""`paretint amplify`: the amplified pairs of an experiment, without its sweep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from paretint.config import load_experiment
from paretint.store import Store
from paretint.terminal import INTERRUPTED, say

if TYPE_CHECKING:
    from paretint.sweep.amplifying import Amplified


def amplify(
    experiment: Annotated[str, typer.Argument(help="An experiment's name, or its YAML file.")],
    pairs: Annotated[int, typer.Option(min=1, help="Source pairs to learn from.")] = 5,
    count: Annotated[int, typer.Option(min=1, help="Images to make.")] = 4000,
    out: Annotated[Path | None, typer.Option(help="Folder; default amplified/NAME.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Actors; default one a GPU, or one a core.")
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a key, e.g. amplifier.steps=4."),
    ] = None,
    store: Annotated[str | None, typer.Option(help="Where artifacts lie.")] = None,
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="A Ray cluster's head node, or auto.")
    ] = None,
) -> None:
    """Make amplified pairs alone, as Parquet parts and a contact sheet."""
    from paretint.sweep.amplifying import amplify_into, job_of
    from paretint.sweep.cluster import check_address

    chosen, console = load_experiment(experiment, overrides or []), Console()
    folder = out or Path("amplified", chosen.name)
    check_address(address)
    try:
        job = job_of(chosen, pairs, Store.at(store), console)
        made = amplify_into(folder, job, count, workers, address, console)
    except KeyboardInterrupt:
        say("stopped; finished parts are kept, and the same command goes on")
        raise typer.Exit(INTERRUPTED) from None
    _tell(made, pairs, folder)


def _tell(made: Amplified, pairs: int, folder: Path) -> None:
    if made.images > made.faces:
        say(f"{made.images} images of {made.faces} faces: faces come round, with other noise")
    say(f"{made.images} images from {pairs} source pairs in {folder}")
    say(f"{made.rejected:.1%} of the draws were rejected by the gate, and drawn anew")
    say(f'open        datasets.load_dataset("parquet", data_files="{folder}/*.parquet")')
