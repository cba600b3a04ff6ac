"""The faces that a sweep works on, and the parser that draws the regions of real ones."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from paretint.config import Experiment
from paretint.faces import prepare_faces
from paretint.regions import FaceParser, trained_parser
from paretint.store import Store
from paretint.terminal import bar


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
