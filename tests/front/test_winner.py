from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paretint.config import parse_rule
from paretint.errors import UserError
from paretint.front import Choice, checksums, pick, write_winner
from paretint.store import Ledger, Run


def write_models(run: Run, trial: str) -> None:
    package = run.models(trial) / "model.mlpackage" / "Data"
    package.mkdir(parents=True)
    (package / "weights.bin").write_bytes(b"core ml")
    for name in ("model.onnx", "weights.safetensors", "recipe.yaml"):
        (run.models(trial) / name).write_text(f"{name} of {trial}")


@pytest.fixture
def choice(run: Run) -> Choice:
    write_models(run, "t0007")
    return pick(Ledger(run).trials(), [parse_rule("speed.fps >= 400")], "quality.psnr")


def test_winner_holds_the_trials_files_with_card_and_checksums(
    run: Run, choice: Choice, tmp_path: Path
) -> None:
    out = write_winner(run, choice, tmp_path / "deep" / "winner")
    names = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert names == [
        "SHA256SUMS", "card.md", "model.mlpackage/Data/weights.bin", "model.onnx", "recipe.yaml",
        "weights.safetensors",
    ]  # fmt: skip
    assert (out / "model.onnx").read_text() == "model.onnx of t0007"
    sums = dict(
        reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines()
    )
    assert list(sums) == names[1:]
    assert all(hashlib.sha256((out / n).read_bytes()).hexdigest() == sums[n] for n in sums)
    assert [p.name for p in out.parent.iterdir()] == ["winner"]


def test_the_same_choice_gives_the_same_bytes(run: Run, choice: Choice, tmp_path: Path) -> None:
    first = write_winner(run, choice, tmp_path / "first")
    second = write_winner(run, choice, tmp_path / "second")
    assert checksums(first) == checksums(second)
    (second / "model.onnx").write_text("model.onnx of t0008")
    assert checksums(first) != checksums(second)


def test_card_tells_scores_provenance_reason_and_runners_up(
    run: Run, choice: Choice, tmp_path: Path
) -> None:
    card = (write_winner(run, choice, tmp_path / "winner") / "card.md").read_text()
    assert card.startswith("# made-up: t0007\n")
    assert "| amplified | 1,000 |" in card
    assert "| quality.psnr | 36.90 ±0.50 dB |" in card
    assert "| ort-cpu | 407 | – | – | – | – | measured:ort-cpu |" in card
    assert f"{choice.reason}." in card
    assert "| t0008 | 35.70 ±0.50 dB |" in card
    assert "and 2 more." in card


def test_card_warns_of_unlike_provenances(
    run: Run, row: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    guessed = row("t0014", 5, 0, 8, 30.0, 900.0) | {"speed.provenance": "predicted:table"}
    write_models(run, "t0007")
    Ledger(run).write_trial(guessed)
    mixed = pick(Ledger(run).trials(), [parse_rule("speed.fps >= 400")], "quality.psnr")
    card = (write_winner(run, mixed, tmp_path / "winner") / "card.md").read_text()
    assert "speeds of unlike provenance are compared" in card


def test_a_folder_with_anything_in_it_is_left_alone(
    run: Run, choice: Choice, tmp_path: Path
) -> None:
    (tmp_path / "winner").mkdir()
    (tmp_path / "winner" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match=r"winner: is there already; name another .* --out"):
        write_winner(run, choice, tmp_path / "winner")
    assert [p.name for p in (tmp_path / "winner").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used(run: Run, choice: Choice, tmp_path: Path) -> None:
    (tmp_path / "winner").mkdir()
    assert (write_winner(run, choice, tmp_path / "winner") / "card.md").is_file()


def test_missing_files_are_named_and_nothing_is_written(
    run: Run, choice: Choice, tmp_path: Path
) -> None:
    (run.models("t0007") / "model.onnx").unlink()
    with pytest.raises(UserError, match=r"t0007: model\.onnx missing; `paretint resume"):
        write_winner(run, choice, tmp_path / "winner")
    assert not (tmp_path / "winner").exists()
