"""The commands of `paretint regions`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from paretint.errors import UserError
from paretint.store import Store
from paretint.terminal import INTERRUPTED, Tell, bar, say, say_skipped

if TYPE_CHECKING:
    from paretint.regions import FaceParser, ParserJob

app = typer.Typer(help="Find lips, eyes, skin and hair in photos.", no_args_is_help=True)


@app.command()
def train(
    faces: Annotated[Path, typer.Option(help="A folder of photos with label maps.")],
    out: Annotated[Path, typer.Option(help="The parser's file to write.")],
    architecture: Annotated[str, typer.Option(help="full, or lite for CPUs.")] = "lite",
    steps: Annotated[int, typer.Option(min=1, help="Training steps.")] = 4000,
    heldout: Annotated[
        int | None, typer.Option(min=0, help="Photos kept to score it; default a tenth.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; default one a GPU, or one.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of weights and batches.")] = 0,
    store: Annotated[str | None, typer.Option(help="Where prepared photos are kept.")] = None,
) -> None:
    """Train a parser on labelled photos; the same command goes on after a stop."""
    from paretint.regions import ARCHITECTURES, ParserJob, ParserSchedule, ready_labelled

    if architecture not in ARCHITECTURES:
        raise UserError(f"--architecture {architecture}: give {' or '.join(ARCHITECTURES)}")
    if out.exists():
        raise UserError(f"{out}: is there already; name another file with --out")
    console = Console()
    labelled = ready_labelled(faces, architecture, Store.at(store), console)
    held = _held_out(labelled, heldout)
    _make_folder_of(out)
    state = out.absolute().with_name(f"{out.name}.state")  # workers have folders of their own
    schedule = ParserSchedule.usual(architecture, steps)
    job = ParserJob(labelled, held, architecture, schedule, seed, state)
    parser = _trained(job, workers, console)
    parser.save(out)
    state.unlink()
    say(f"written to {out}")
    if held:
        _show_score(parser, job, console)


@app.command()
def apply(
    parser: Annotated[Path, typer.Argument(metavar="PARSER", help="A parser's safetensors file.")],
    photos: Annotated[
        list[Path], typer.Argument(metavar="PHOTOS...", help="Photos, or folders of photos.")
    ],
    size: Annotated[int, typer.Option(help="The side of the label maps, in pixels.")] = 512,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("masks"),
) -> None:
    """Draw the label maps of photos, and pictures that show them."""
    from paretint.regions import FaceParser
    from paretint.regions.applying import OVERVIEW, apply_parser, check, find_photos

    check(size, out)
    loaded, found, console = FaceParser.load(parser), find_photos(photos), Console()
    with bar(console, "photos") as tell:
        skipped = apply_parser(loaded, found, size, out, tell)
    say_skipped([str(skip) for skip in skipped], console)
    done = len(found) - len(skipped)
    say(f"{done} of {len(found)} photos are labelled in {out}, shown in {out / OVERVIEW}")


def _make_folder_of(out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"--out {out}: its folder cannot be made: {error.strerror}") from None


def _held_out(labelled: Path, heldout: int | None) -> int:
    """Return how many photos are held out: as many as asked for, or else a tenth."""
    from paretint.regions import open_labelled

    count = len(open_labelled(labelled))
    if heldout is None:
        return count // 10
    if heldout >= count:
        raise UserError(f"--heldout {heldout}: of {count} photos, leave one to train on")
    return heldout


def _trained(job: ParserJob, workers: int | None, console: Console) -> FaceParser:
    """Train in this process, or on Ray's where there are several; say how to go on if stopped."""
    import torch

    from paretint.regions import train_here

    workers = workers or max(1, torch.cuda.device_count())
    try:
        with bar(console, "training steps") as tell:
            return train_here(job, tell) if workers == 1 else _trained_on_ray(job, workers, tell)
    except KeyboardInterrupt:
        held = f"goes on from what {job.state} holds" if job.state.exists() else "begins anew"
        say(f"stopped; the same command {held}")
        raise typer.Exit(INTERRUPTED) from None


def _trained_on_ray(job: ParserJob, workers: int, tell: Tell) -> FaceParser:
    from paretint.regions.workers import train_on_workers
    from paretint.sweep.cluster import connected_ray

    with connected_ray():
        return train_on_workers(job, workers, tell)


def _show_score(parser: FaceParser, job: ParserJob, console: Console) -> None:
    from paretint.regions import compare, score_rows, score_table

    _, heldout = job.split()
    with bar(console, "scoring") as tell:
        counts = compare(lambda photo: parser.classes(photo, photo.shape[-1]), heldout, tell)
    photos = "photo" if len(heldout) == 1 else "photos"
    console.print(f"\non {len(heldout)} held-out {photos}:")
    console.print(score_table(score_rows(counts)))
