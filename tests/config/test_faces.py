from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paretint import UserError
from paretint.config import FolderFaces, Regions, load_experiment

X = "experiments/x.yaml"
FOLDERS = "faces={source: folders, before: before, after: after}"


@pytest.fixture
def on_folders(here: Path) -> Callable[[str], None]:
    """Lets the experiment be on folders of photos, and adds text at its end."""

    def write(more: str) -> None:
        procedural = "  source: procedural\n  style: rose\n"
        folders = "  source: folders\n  before: ../photos/before\n  after: after\n"
        text = (here / X).read_text()
        (here / X).write_text(text.replace(procedural, folders) + more)

    return write


def test_paths_start_from_the_file_and_those_of_overrides_from_here(
    here: Path, on_folders: Callable[[str], None]
) -> None:
    on_folders("regions:\n  parser: ../parser.safetensors\n")
    experiment = load_experiment("x", ["faces.unlabelled=photos/more"])
    assert experiment.faces == FolderFaces(
        source="folders",
        before=here / "photos" / "before",
        after=here / "experiments" / "after",
        unlabelled=here / "photos" / "more",
    )
    assert experiment.regions == Regions(parser=here / "parser.safetensors")


def test_a_parser_may_be_given_by_an_override_alone(
    here: Path, on_folders: Callable[[str], None]
) -> None:
    on_folders("")
    assert load_experiment("x").regions is None
    regions = load_experiment("x", ["regions.parser=parser.safetensors"]).regions
    assert regions == Regions(parser=here / "parser.safetensors", architecture="lite", steps=4000)
    assert load_experiment("x", ["regions.parser=a", "regions="]).regions is None


@pytest.mark.usefixtures("here")
def test_regions_dumped_load_to_the_same(tmp_path: Path) -> None:
    regions = "regions={parser: faces, architecture: full, steps: 9}"
    experiment = load_experiment("x", [FOLDERS, regions])
    (tmp_path / "elsewhere").mkdir()
    again = tmp_path / "elsewhere" / "again.yaml"
    again.write_text(experiment.dump(), encoding="utf-8")
    assert load_experiment(again) == experiment
    assert experiment.regions == Regions(parser=tmp_path / "faces", architecture="full", steps=9)


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ("regions: {}", f"{X}:31: regions: the key 'parser' is missing"),
        ("regions: a.safetensors", f"{X}:31: regions: 'a.safetensors' should be keys and values"),
        (
            "regions:\n  parser: a\n  parsr: b",
            f"{X}:33: regions: unknown key 'parsr'; did you mean 'parser'?",
        ),
        ("regions:\n  parser: 3", f"{X}:32: regions.parser: 3 is not a valid path"),
        (
            "regions: {parser: a, architecture: ful}",
            f"{X}:31: regions.architecture: 'ful' should be 'lite' or 'full'",
        ),
        (
            "regions: {parser: a, steps: 0}",
            f"{X}:31: regions.steps: 0 should be greater than or equal to 1",
        ),
    ],
)
def test_bad_regions_are_one_line(
    on_folders: Callable[[str], None], regions: str, said: str
) -> None:
    on_folders(f"{regions}\n")
    with pytest.raises(UserError) as raised:
        load_experiment("x")
    assert str(raised.value) == said


@pytest.mark.usefixtures("here")
def test_procedural_faces_take_no_parser() -> None:
    override = "regions.parser=parser.safetensors"
    with pytest.raises(UserError) as raised:
        load_experiment("x", [override])
    said = "procedural faces have exact regions; leave regions out"
    assert str(raised.value) == f"--set {override}: {said}"
