"""The picked trial as a folder that can ship."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from paretint.config import Experiment, ProceduralFaces
from paretint.errors import UserError
from paretint.faces import find_faces, open_faces, prepare_faces
from paretint.front.choice import Choice
from paretint.front.winner.card import write_card
from paretint.front.winner.facts import CARD, Facts
from paretint.front.winner.reproduce import REPRODUCE, script
from paretint.front.winner.samples import SAMPLES, write_samples
from paretint.front.winner.sums import SUMS, checksums
from paretint.store import FACES, Run, Store
from paretint.store.files import told_full

_NEEDED = ("model.onnx", "weights.safetensors", "recipe.yaml")

GONE = "the run's faces are not at hand any more"
PRIVATE = "they would show people's photos, which `paretint pick --samples` asks for"
UNASKED = "`paretint pick --no-samples` asked for none"


def write_winner(
    run: Run, choice: Choice, out: Path, store: Store, samples: bool | None = None
) -> Path:
    """Write the picked trial's files, its card and their checksums to the folder ``out``.

    The folder appears whole or not at all, and the same choice gives the same bytes. samples:
    whether to show held-out faces; None shows rendered ones, and no photos of people.

    Raises:
        UserError: ``out`` is there and not an empty folder, or is the working directory; the
            trial's files are missing; or the disk is full.
    """
    if os.path.lexists(out) and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out}: is there already; name another folder with --out")
    place = out.resolve()  # a link to an empty folder stays one
    if place == Path.cwd():
        raise UserError(f"{out}: is the folder that you are in; name another with --out")
    models = run.models_with(choice.trial, *_NEEDED)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-")
    except OSError as error:
        raise UserError(f"{out}: cannot be made: {error.strerror}; name another --out") from None
    with told_full(place.parent), scratch as parent:
        folder = Path(parent) / place.name
        # Faces are shown by `samples`, and photos of people only where they were asked for.
        shutil.copytree(models, folder, ignore=shutil.ignore_patterns(FACES))
        _fill(folder, run, choice, store, samples)
        os.replace(folder, place)
    return out


def _fill(folder: Path, run: Run, choice: Choice, store: Store, samples: bool | None) -> None:
    """Add to a copy of the trial's files what tells of them."""
    faces = _faces(run.experiment, store)
    unshown = _why_unshown(run.experiment, faces, samples)
    if faces is not None and unshown is None:
        write_samples(folder / "model.onnx", open_faces(faces).heldout, folder / SAMPLES)
    facts = Facts.of(run.experiment, choice.row, faces)
    coreml = (folder / "model.mlpackage").is_dir()
    card = facts.dump() + "\n" + write_card(run, choice, coreml, unshown)
    (folder / CARD).write_text(card, encoding="utf-8")
    reproduce = folder / REPRODUCE
    reproduce.write_text(script(run.experiment, choice.row), encoding="utf-8")
    reproduce.chmod(0o755)
    (folder / SUMS).write_text(checksums(folder), encoding="utf-8")


def _faces(experiment: Experiment, store: Store) -> Path | None:
    """The run's faces: rendered ones anew, photos where they are as they were; else None."""
    try:
        if isinstance(experiment.faces, ProceduralFaces):
            return prepare_faces(experiment.faces, experiment.seed, store)
        return find_faces(experiment.faces, experiment.seed, store)
    except UserError:
        return None


def _why_unshown(experiment: Experiment, faces: Path | None, samples: bool | None) -> str | None:
    """Why the folder shows no samples, for its card; None where it does."""
    if samples is False:
        return UNASKED
    if samples is None and not isinstance(experiment.faces, ProceduralFaces):
        return PRIVATE
    return GONE if faces is None else None
