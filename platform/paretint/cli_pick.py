"""`paretint pick` and `verify`: the model that ships."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paretint.config import parse_rule
from paretint.store import Ledger, Run, Store
from paretint.terminal import say

StoreUrl = Annotated[str | None, typer.Option(help="Where artifacts lie.")]


def pick(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")],
    where: Annotated[
        list[str] | None, typer.Option(help="A rule, e.g. 'speed.fps >= 60'; may be repeated.")
    ] = None,
    best: Annotated[str, typer.Option(help="The column that decides.")] = "quality.psnr",
    within: Annotated[
        str | None,
        typer.Option(metavar="1se", help="Standard errors of the best that count as no worse."),
    ] = None,
    then: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="What decides among equals; may be repeated. Default size.params, speed.fps.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("winner"),
    samples: Annotated[
        bool | None,
        typer.Option(
            "--samples/--no-samples",
            help="Show held-out faces; by default rendered ones, and no photos of people.",
        ),
    ] = None,
    store: StoreUrl = None,
) -> None:
    """Write the best trial that meets the rules as a folder that can ship."""
    from paretint.front import SMALLEST_FASTEST, parse_within
    from paretint.front import pick as choose

    opened = Run.open(run)
    choice = choose(
        Ledger(opened).trials(),
        [parse_rule(text) for text in where or []],
        best,
        None if within is None else parse_within(within),
        tuple(then or SMALLEST_FASTEST),
        opened.experiment.objectives,
    )
    say(choice.reason)
    for note in choice.notes:
        say(note, style="yellow")

    from paretint.front.winner.folder import write_winner  # PyTorch: once the choice is made

    say(f"written to {write_winner(opened, choice, out, Store.at(store), samples)}")


def verify(
    winner: Annotated[Path, typer.Argument(metavar="WINNER", help="A folder that pick wrote.")],
    store: StoreUrl = None,
) -> None:
    """Check a winner's hashes, run its model, and score it again where its faces are at hand."""
    from paretint.front.winner.verify import verify_winner

    verdict = verify_winner(winner, Store.at(store))
    for line in verdict.checked:
        say(line)
    for line in verdict.unchecked:
        say(f"not checked: {line}", style="yellow")
