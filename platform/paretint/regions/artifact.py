"""A parser as an artifact: trained on a folder of labelled photos, once a store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from paretint.regions.dataset import prepare_labelled, skipped_labels
from paretint.regions.job import ParserJob, train_here
from paretint.regions.network import ARCHITECTURES
from paretint.regions.training import ParserSchedule
from paretint.store import Store
from paretint.terminal import bar, say_skipped

_FILE = "parser.safetensors"


def ready_labelled(folder: Path, architecture: str, store: Store, console: Console) -> Path:
    """Return a folder's labelled photos in the store, read on the first call under a bar.

    They are of the side that the architecture reads. Raises UserError as `prepare_labelled` does.
    """
    with bar(console, "reading labelled photos") as tell:
        labelled = prepare_labelled(folder, ARCHITECTURES[architecture].side, store, tell)
    say_skipped(skipped_labels(labelled), console)
    return labelled


def trained_parser(
    folder: Path, architecture: str, steps: int, seed: int, store: Store, console: Console
) -> Path:
    """Return the file of a parser trained on all photos of a folder, on the first call under bars.

    architecture: a name of `ARCHITECTURES`. A training that was stopped goes on where its state
    was last kept. Raises UserError where the folder is in no known layout, or none of its photos
    can be used.
    """
    labelled = ready_labelled(folder, architecture, store, console)
    schedule = ParserSchedule.usual(architecture, steps)
    job = ParserJob(labelled, 0, architecture, schedule, seed, state=Path())
    job = replace(job, state=store.folder("parser", f".{job.key}.state"))

    def make(target: Path) -> None:
        with bar(console, "training the parser") as tell:
            train_here(job, tell).save(target / _FILE)

    file = store.build("parser", job.key, make) / _FILE
    job.state.unlink(missing_ok=True)
    return file
