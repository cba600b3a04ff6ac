from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from paretint.config import FolderFaces, parse_rule
from paretint.errors import UserError
from paretint.faces import open_faces, prepare_faces
from paretint.front import Choice, pick
from paretint.front.winner.folder import write_winner
from paretint.front.winner.sums import checksums
from paretint.store import FACES, KeptFace, Ledger, Run, Store

WRITTEN = [
    "SHA256SUMS", "card.md", "model.mlpackage/Data/weights.bin", "model.onnx", "recipe.yaml",
    "reproduce.sh", "weights.safetensors",
]  # fmt: skip


def write_models(run: Run, trial: str) -> None:
    package = run.models(trial) / "model.mlpackage" / "Data"
    package.mkdir(parents=True)
    (package / "weights.bin").write_bytes(b"core ml")
    for name in ("model.onnx", "weights.safetensors", "recipe.yaml"):
        (run.models(trial) / name).write_text(f"{name} of {trial}")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One that has nothing, and never will: the made-up run's style is of no version."""
    return Store(tmp_path / "store")


@pytest.fixture
def choice(run: Run) -> Choice:
    write_models(run, "t0007")
    return pick(Ledger(run).trials(), [parse_rule("speed.fps >= 400")], "quality.psnr")


def test_winner_holds_the_trials_files_with_card_and_checksums(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    out = write_winner(run, choice, tmp_path / "deep" / "winner", store)
    names = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert names == WRITTEN
    assert (out / "model.onnx").read_text() == "model.onnx of t0007"
    sums = dict(
        reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines()
    )
    assert list(sums) == names[1:]
    assert all(hashlib.sha256((out / n).read_bytes()).hexdigest() == sums[n] for n in sums)
    assert [p.name for p in out.parent.iterdir()] == ["winner"]


def test_faces_kept_in_the_run_stay_there(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    kept = run.models(choice.trial) / FACES
    kept.mkdir()
    (kept / KeptFace.numbered(1).before).write_text("somebody")
    out = write_winner(run, choice, tmp_path / "winner", store)
    assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()) == WRITTEN


def test_the_same_choice_gives_the_same_bytes(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    first = write_winner(run, choice, tmp_path / "first", store)
    second = write_winner(run, choice, tmp_path / "second", store)
    assert checksums(first) == checksums(second)
    (second / "model.onnx").write_text("model.onnx of t0008")
    assert checksums(first) != checksums(second)


def test_card_tells_scores_provenance_reason_and_runners_up(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    card = (write_winner(run, choice, tmp_path / "winner", store) / "card.md").read_text()
    assert "\n# made-up: t0007\n" in card
    assert "| amplified | 1,000 |" in card
    assert "| quality.psnr | 36.90 ±0.50 dB |" in card
    assert "| ort-cpu | 407 | – | – | – | – | measured:ort-cpu |" in card
    assert f"{choice.reason}." in card
    assert "| t0008 | 35.70 ±0.50 dB | 36,608 | 404 fps |" in card
    assert "paretint pick made-up --where 'speed.fps >= 400' --best quality.psnr\n" in card
    assert "No samples: the run's faces are not at hand any more." in card
    assert "```swift" in card
    assert "```kotlin" in card
    assert "and 2 more." in card


def test_card_tells_the_names_of_files_and_not_where_they_lie(
    run: Run, row: Callable[..., dict[str, Any]], store: Store, tmp_path: Path
) -> None:
    secret = {"param.amplifier.weights": "/home/alice/secret/a.safetensors"}
    write_models(run, "t0014")
    Ledger(run).write_trial(row("t0014", 5, 0, 8, 40.0, 900.0) | secret)
    best = pick(Ledger(run).trials(), [], "quality.psnr")
    out = write_winner(run, best, tmp_path / "winner", store)
    assert "| amplifier.weights | a.safetensors |" in (out / "card.md").read_text()


def test_card_warns_of_unlike_provenances(
    run: Run, row: Callable[..., dict[str, Any]], store: Store, tmp_path: Path
) -> None:
    guessed = row("t0014", 5, 0, 8, 30.0, 900.0) | {"speed.provenance": "predicted:table"}
    write_models(run, "t0007")
    Ledger(run).write_trial(guessed)
    mixed = pick(Ledger(run).trials(), [parse_rule("speed.fps >= 400")], "quality.psnr")
    card = (write_winner(run, mixed, tmp_path / "winner", store) / "card.md").read_text()
    assert "speeds of unlike provenance are compared" in card


def test_a_folder_with_anything_in_it_is_left_alone(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "winner").mkdir()
    (tmp_path / "winner" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match=r"winner: is there already; name another .* --out"):
        write_winner(run, choice, tmp_path / "winner", store)
    assert [p.name for p in (tmp_path / "winner").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used(run: Run, choice: Choice, store: Store, tmp_path: Path) -> None:
    (tmp_path / "winner").mkdir()
    assert (write_winner(run, choice, tmp_path / "winner", store) / "card.md").is_file()


def test_a_link_to_an_empty_folder_stays_a_link(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "winner").symlink_to("place")
    assert write_winner(run, choice, tmp_path / "winner", store) == tmp_path / "winner"
    assert (tmp_path / "winner").is_symlink()
    assert (tmp_path / "place" / "card.md").is_file()


def test_a_link_to_nowhere_is_left_alone(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "winner").symlink_to("nowhere")
    with pytest.raises(UserError, match="winner: is there already"):
        write_winner(run, choice, tmp_path / "winner", store)


def test_the_working_directory_is_not_taken_from_under_its_user(
    run: Run, choice: Choice, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(UserError, match=r"^\.: is the folder that you are in; name another"):
        write_winner(run, choice, Path("."), store)


def test_missing_files_are_named_and_nothing_is_written(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    (run.models("t0007") / "model.onnx").unlink()
    told = r"t0007: model\.onnx missing; the dashboard's Front page has the command that runs t0007"
    with pytest.raises(UserError, match=told):
        write_winner(run, choice, tmp_path / "winner", store)
    assert not (tmp_path / "winner").exists()


def test_without_a_core_ml_package_the_card_calls_none(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    shutil.rmtree(run.models("t0007") / "model.mlpackage")
    card = (write_winner(run, choice, tmp_path / "winner", store) / "card.md").read_text()
    assert "```swift" not in card
    assert "```kotlin" in card


def test_a_folder_that_cannot_be_made_is_said(
    run: Run, choice: Choice, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"winner: cannot be made: .*; name another --out"):
        write_winner(run, choice, tmp_path / "file" / "winner", store)


# A real run


def test_samples_show_the_rendered_faces_that_were_held_out(
    finished: Run, store_of_finished: Store, tmp_path: Path
) -> None:
    chosen = pick(Ledger(finished).trials(), [], "quality.psnr")
    out = write_winner(finished, chosen, tmp_path / "one", store_of_finished)
    again = write_winner(finished, chosen, tmp_path / "other", Store(tmp_path / "store"))
    assert checksums(out) == checksums(again)
    assert "`samples.png` shows some of the held-out faces." in (out / "card.md").read_text()
    with Image.open(out / "samples.png") as sheet:
        assert sheet.height > 4 * 128
    bare = write_winner(finished, chosen, tmp_path / "bare", store_of_finished, samples=False)
    assert not (bare / "samples.png").exists()
    assert (
        "No samples: `paretint pick --no-samples` asked for none." in (bare / "card.md").read_text()
    )
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=out, check=False)
    assert done.returncode == 0


@pytest.fixture
def of_photos(finished: Run, store_of_finished: Store, tmp_path: Path) -> Run:
    """The real run as if its faces had been photos of people, which are in a folder."""
    heldout = open_faces(prepare_faces(finished.experiment.faces, 5, store_of_finished)).heldout
    for name, photos in (("before", heldout.before), ("after", heldout.after)):
        folder = tmp_path / "Jane's photos" / name
        folder.mkdir(parents=True)
        for number, photo in enumerate(photos):
            Image.fromarray(photo.permute(1, 2, 0).numpy()).save(folder / f"jane-{number}.png")
    folders = {"before": folder.with_name("before"), "after": folder}
    faces = FolderFaces(source="folders", **folders, size=32, heldout=3)
    return replace(finished, experiment=finished.experiment.model_copy(update={"faces": faces}))


def test_photos_of_people_are_shown_only_where_that_is_asked_for(
    of_photos: Run, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    faces = of_photos.experiment.faces
    chosen = pick(Ledger(of_photos).trials(), [], "quality.psnr")
    gone = write_winner(of_photos, chosen, tmp_path / "gone", store, samples=True)
    assert "not at hand any more" in (gone / "card.md").read_text()
    prepare_faces(faces, 5, store)
    private = write_winner(of_photos, chosen, tmp_path / "private", store)
    assert not (private / "samples.png").exists()
    assert "which `paretint pick --samples` asks for" in (private / "card.md").read_text()
    shown = write_winner(of_photos, chosen, tmp_path / "shown", store, samples=True)
    assert (shown / "samples.png").exists()
    for file in shown.rglob("*"):  # neither paths nor names of photos
        assert file.is_dir() or b"jane" not in file.read_bytes().lower()
