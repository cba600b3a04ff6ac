"""An experiment on photos whose regions a parser draws, from the folders to the amplified parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
import torch
from PIL import Image
from rich.console import Console

from paretint import UserError
from paretint.amplify import AmplifierWorker, AmplifyJob, open_amplified
from paretint.config import Experiment, load_experiment
from paretint.faces import STYLES, open_faces, render_pairs
from paretint.regions import ARCHITECTURES, Architecture, FaceParser, ParserJob, changed
from paretint.store import Ledger, Run, Store
from paretint.sweep.engine import Ready, prepare


@pytest.fixture(scope="session")
def parser_file(
    make_parser: Callable[..., FaceParser], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("parsers") / "parser.safetensors"
    make_parser(side=48).save(path)
    return path


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An override that puts the tiny experiment on photos of 48 pixels: 3 source pairs, 2 held out.

    The source pairs' befores are all there is to amplify.
    """
    root = tmp_path_factory.mktemp("photos")
    pairs = render_pairs(STYLES["rose"].vector(), 5, 48, seed=5)
    for side, photos in (("before", pairs.before), ("after", pairs.after)):
        (root / side).mkdir()
        for name, photo in zip(pairs.names, photos, strict=True):
            Image.fromarray(photo.permute(1, 2, 0).numpy()).save(root / side / f"{name}.png")
    paths = f"before: {root}/before, after: {root}/after"
    return f"faces={{source: folders, {paths}, size: 32, heldout: 2}}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def parsed(tiny_file: Path, folders: str, parser_file: Path) -> Experiment:
    return load_experiment(tiny_file, [folders, f"regions.parser={parser_file}"])


def ready(experiment: Experiment, store: Store) -> Ready:
    return prepare(experiment, store, Console(file=StringIO()))


def job_of(experiment: Experiment, store: Store) -> AmplifyJob:
    faces = ready(experiment, store).faces
    return AmplifyJob(store, faces, 2, experiment.amplifier, experiment.seed)


def photo_of(experiment: Experiment, name: str) -> torch.Tensor:
    """A before as it lies in its folder, uint8 [3, 48, 48]."""
    folder: Path = experiment.faces.before  # type: ignore[union-attr]
    with Image.open(folder / f"{name}.png") as image:
        return (
            torch.tensor(list(image.tobytes()), dtype=torch.uint8).view(48, 48, 3).permute(2, 0, 1)
        )


def test_the_experiments_parser_draws_the_regions(
    parsed: Experiment, parser_file: Path, store: Store
) -> None:
    parser = FaceParser.load(parser_file)
    prepared = ready(parsed, store)
    assert prepared.parser == parser.key
    data = open_faces(prepared.faces)
    for names, regions in (
        (data.source.names, data.source.regions),
        (data.unlabelled.names, data.unlabelled.regions),
        (data.heldout.names, data.heldout.regions),
    ):
        photos = torch.stack([photo_of(parsed, name) for name in names])
        assert regions is not None
        assert regions.equal(parser.regions(photos, 256))


def test_what_a_parser_draws_has_keys_of_its_own(parsed: Experiment, store: Store) -> None:
    plain = job_of(parsed.model_copy(update={"regions": None}), store)
    job = job_of(parsed, store)
    assert job.amplifier_key != plain.amplifier_key
    assert job.amplified_key != plain.amplified_key
    assert ready(parsed.model_copy(update={"regions": None}), store).parser is None


def test_amplified_photos_are_made_up_within_their_regions(
    parsed: Experiment, store: Store
) -> None:
    job = job_of(parsed, store)
    worker = AmplifierWorker()
    worker.fit(job, lambda _what, _done, _of: None)
    worker.make_part(job, 0)
    amplified = open_amplified(job, 3)
    faces = job.data.unlabelled
    assert amplified.before.equal(faces.photos)
    assert amplified.regions is not None
    assert faces.regions is not None
    assert amplified.regions.equal(faces.regions)
    inside = (changed(faces.regions, faces.photos.shape[-1]) > 0).expand(-1, 3, -1, -1)
    assert 0.01 < inside.float().mean() < 0.99
    assert amplified.after[~inside].equal(amplified.before[~inside])
    assert not amplified.after[inside].equal(amplified.before[inside])


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two photos with label maps, for a `lite` as small as it can be."""
    tiny = Architecture(width=4, blocks=(1, 1, 1), hidden=8, side=16)
    monkeypatch.setitem(ARCHITECTURES, "lite", tiny)
    monkeypatch.setattr("paretint.regions.artifact.ParserJob", partial(ParserJob, rendered=2))
    folder = tmp_path / "labelled"
    for part, mode in (("images", "RGB"), ("labels", "L")):
        (folder / part).mkdir(parents=True)
        for name in "ab":
            Image.new(mode, (16, 16)).save(folder / part / f"{name}.png")
    (folder / "labels.json").write_text('{"0": "skin"}')
    return folder


def test_a_folder_of_labelled_faces_stands_for_the_parser_trained_on_it(
    tiny_file: Path, folders: str, labelled: Path, store: Store
) -> None:
    regions = f"regions={{parser: {labelled}, steps: 2}}"
    experiment = load_experiment(tiny_file, [folders, regions])
    prepared = ready(experiment, store)
    [file] = (store.root / "parser").glob("*/*")
    assert prepared.parser == FaceParser.load(file).key
    assert open_faces(prepared.faces).source.regions is not None
    assert ready(experiment, store) == prepared
    other = experiment.model_copy(update={"seed": experiment.seed + 1})
    assert ready(other, store).parser != prepared.parser


@pytest.mark.slow
def test_a_sweep_learns_from_what_the_parser_drew_and_says_which_it_was(
    sweep: Callable[..., Run], folders: str, parser_file: Path, store: Store, tmp_path: Path
) -> None:
    run = sweep(tmp_path / "run", store, folders, f"regions.parser={parser_file}")
    [first] = Ledger(run).trials().filter(trial="t0000").to_dicts()
    job = job_of(run.experiment, store)
    assert first["state"] == "complete"
    assert first["amplified_key"] == replace(job, source_pairs=3).amplified_key
    assert run.events()[0]["event"] == "regions"
    assert run.events()[0]["parser"] == FaceParser.load(parser_file).key


def test_a_parser_that_is_not_there(parsed: Experiment, store: Store) -> None:
    assert parsed.regions is not None
    regions = parsed.regions.model_copy(update={"parser": Path("/no/parser.safetensors")})
    with pytest.raises(UserError, match=r"^/no/parser.safetensors: no such file"):
        ready(parsed.model_copy(update={"regions": regions}), store)
