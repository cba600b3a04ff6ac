"""The faces that a sweep works on, and the parser that draws the regions of real ones."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from paretint.config import Experiment
from paretint.errors import UserError
from paretint.faces import open_faces, prepare_faces, skipped_photos
from paretint.regions import FaceParser, trained_parser
from paretint.store import Store
from paretint.terminal import bar, say_skipped


class Data(NamedTuple):
    """The folder of the prepared faces, and the key of what drew their regions, if anything did."""

    faces: Path
    parser: str | None


def ready_data(
    experiment: Experiment, pairs: int, asked: str, store: Store, console: Console
) -> Data:
    """Return the experiment's faces with their regions; say which photos were skipped.

    asked: where `pairs` were asked for, as an error names it. Raises UserError where there are
    fewer, or the photos or the parser cannot serve.
    """
    faces = ready_faces(experiment, None, store, console)
    have = len(open_faces(faces).source)
    if pairs > have:
        raise UserError(f"{asked}, but only {have} source pairs are there; lower it or add pairs")
    say_skipped(skipped_photos(faces), console)
    parser = ready_parser(experiment, store, console)
    if parser is None:
        return Data(faces, None)
    return Data(ready_faces(experiment, parser, store, console), parser.key)


def ready_parser(experiment: Experiment, store: Store, console: Console) -> FaceParser | None:
    """Return the experiment's parser, from its file or trained on the first call; or None.

    Raises UserError where the file holds none, or the folder's photos cannot serve.
    """
    asked = experiment.regions
    if asked is None:
        return None
    file = asked.parser
    if file.is_dir():
        file = trained_parser(
            file, asked.architecture, asked.steps, experiment.seed, store, console
        )
    return FaceParser.load(file)


def ready_faces(
    experiment: Experiment, parser: FaceParser | None, store: Store, console: Console
) -> Path:
    """Return the folder of the experiment's faces, made on the first call under a bar.

    Raises UserError as `prepare_faces` does.
    """
    with bar(console, "preparing faces") as tell:
        return prepare_faces(experiment.faces, experiment.seed, store, parser, tell)
