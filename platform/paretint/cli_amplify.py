"""`paretint amplify` and `paretint mix`: what amplifiers draw, without a sweep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from paretint.config import load_experiment
from paretint.errors import UserError
from paretint.store import Store
from paretint.terminal import INTERRUPTED, say

if TYPE_CHECKING:
    from paretint.sweep.amplifying import Amplified


Pairs = Annotated[int, typer.Option(min=1, help="Source pairs to learn from.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Actors; default one a GPU, or one a core.")
]
StoreUrl = Annotated[str | None, typer.Option(help="Where artifacts lie.")]
Address = Annotated[
    str | None, typer.Option(metavar="HOST:PORT", help="A Ray cluster's head node, or auto.")
]
Strength = Annotated[float, typer.Option(min=0, max=2, help="Strength of this region's makeup.")]


def amplify(
    experiment: Annotated[str, typer.Argument(help="An experiment's name, or its YAML file.")],
    pairs: Pairs = 5,
    count: Annotated[int, typer.Option(min=1, help="Images to make.")] = 4000,
    out: Annotated[Path | None, typer.Option(help="Folder; default amplified/NAME.")] = None,
    workers: Workers = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a key, e.g. amplifier.steps=4."),
    ] = None,
    store: StoreUrl = None,
    address: Address = None,
) -> None:
    """Make amplified pairs alone, as Parquet parts and a contact sheet."""
    chosen, console = load_experiment(experiment, overrides or []), Console()
    folder = out or Path("amplified", chosen.name)
    at = Store.at(store)  # told before imports that take seconds

    from paretint.sweep.amplifying import amplify_into, job_of
    from paretint.sweep.cluster import check_address

    check_address(address)
    with _stoppable("finished parts are kept, and the same command goes on"):
        job = job_of(chosen, pairs, at, console)
        made = amplify_into(folder, job, count, workers, address, console)
    _tell(made, pairs, folder)


def mix(
    experiments: Annotated[
        list[str],
        typer.Argument(
            metavar="EXPERIMENT...", help="Two or more; overrides behind commas: NAME,KEY=VALUE."
        ),
    ],
    pairs: Pairs = 5,
    faces: Annotated[int, typer.Option(min=1, help="Faces to make up.")] = 2,
    face: Strength = 1.0,
    lips: Strength = 1.0,
    eyes: Strength = 1.0,
    out: Annotated[Path, typer.Option(help="The picture to write.")] = Path("mix.png"),
    workers: Workers = None,
    store: StoreUrl = None,
    address: Address = None,
) -> None:
    """Draw the lips of one style with the eyes of another, each with each."""
    from paretint.amplify import draw_sheet
    from paretint.sweep.amplifying import job_of
    from paretint.sweep.cluster import check_address
    from paretint.sweep.mixing import Strengths, Style, draw_styles, faces_to_mix, mix_rows

    if len(experiments) < 2:
        raise UserError("mix: name two experiments or more, each a style")
    chosen = [load_experiment(name, sets) for name, *sets in (e.split(",") for e in experiments)]
    check_address(address)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise UserError(f"--out {out}: name a picture in a folder that is there")
    console, at = Console(), Store.at(store)
    with _stoppable("amplifiers that are fine-tuned are kept"):
        jobs = [job_of(each, pairs, at, console) for each in chosen]
        styles = [Style(*named) for named in zip(_short(experiments), jobs, strict=True)]
        shown = faces_to_mix(styles, faces)
        made = draw_styles(styles, shown, workers, address, console)
    detail = chosen[0].amplifier.lambda_detail
    names = [style.name for style in styles]
    rows = mix_rows(shown, names, made, Strengths(face, lips, eyes), detail)
    draw_sheet(*rows).save(out, "PNG")
    say(f"{len(shown)} faces in {len(styles)} styles, mixed in {out}")


def _short(experiments: list[str]) -> list[str]:
    """Return each experiment by its last word, `plum` of `quickstart,faces.style=plum`.

    Where two would be called the same, all keep their whole names.
    """
    short = [re.split("[,=/]", text.rstrip("/"))[-1] for text in experiments]
    return short if len(set(short)) == len(short) else experiments


@contextmanager
def _stoppable(kept: str) -> Iterator[None]:
    """Let Ctrl-C end the command, and say what is kept; a loss that is no number is one line."""
    try:
        yield
    except FloatingPointError as error:
        raise UserError(f"{error}; lower amplifier.learning_rate") from None
    except KeyboardInterrupt:
        say(f"stopped; {kept}")
        raise typer.Exit(INTERRUPTED) from None


def _tell(made: Amplified, pairs: int, folder: Path) -> None:
    if made.images > made.faces:
        say(f"{made.images} images of {made.faces} faces: faces come round, with other noise")
    say(f"{made.images} images from {pairs} source pairs in {folder}")
    say(f"{made.rejected:.1%} of the draws were rejected by the gate, and drawn anew")
    say(f'open        datasets.load_dataset("parquet", data_files="{folder}/*.parquet")')
