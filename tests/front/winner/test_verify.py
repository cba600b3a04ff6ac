"""A winner of a real run: as it was written, with a byte changed, and with a lie in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from paretint.errors import UserError
from paretint.front import pick
from paretint.front.winner.folder import write_winner
from paretint.front.winner.sums import SUMS, checksums
from paretint.front.winner.verify import verify_winner
from paretint.store import Ledger, Run, Store

FILES = [
    "SHA256SUMS", "card.md", "model.mlpackage/Manifest.json", "model.onnx", "recipe.yaml",
    "reproduce.sh", "samples.png", "weights.safetensors",
]  # fmt: skip


@pytest.fixture(scope="module")
def written(
    finished: Run, store_of_finished: Store, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    choice = pick(Ledger(finished).trials(), [], "quality.psnr")
    return write_winner(finished, choice, tmp_path_factory.mktemp("out") / "w", store_of_finished)


@pytest.fixture
def winner(written: Path, tmp_path: Path) -> Path:
    """A winner of one's own."""
    return Path(shutil.copytree(written, tmp_path / "winner"))


def sign(winner: Path) -> None:
    """Make the hashes fit what was changed."""
    (winner / SUMS).write_text(checksums(winner))


def test_a_winner_is_what_its_card_says(winner: Path, store_of_finished: Store) -> None:
    verdict = verify_winner(winner, store_of_finished)
    files, answers, sizes, quality = verdict.checked
    assert files.endswith("files are as SHA256SUMS says")
    assert sizes == "sizes are as card.md says"
    assert answers.startswith("model.onnx does what weights.safetensors does")
    assert quality.startswith("on 8 held-out faces it has quality.psnr ")
    assert verdict.unchecked == ("speeds: they are those of the devices that the card names",)


def test_a_store_that_has_nothing_renders_the_faces_anew(winner: Path, tmp_path: Path) -> None:
    assert len(verify_winner(winner, Store(tmp_path / "store")).checked) == 4


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
def test_one_changed_byte_is_told_with_its_file(
    winner: Path, store_of_finished: Store, name: str, part: float
) -> None:
    content = bytearray((winner / name).read_bytes())
    content[int(part * (len(content) - 1))] ^= 1
    (winner / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        verify_winner(winner, store_of_finished)
    said = str(caught.value)
    assert "\n" not in said
    assert SUMS in said if name == SUMS else said.startswith(str(winner / name))


def test_other_weights_with_fitting_hashes_are_told(winner: Path, store_of_finished: Store) -> None:
    weights = load_file(winner / "weights.safetensors")
    save_file({n: torch.zeros_like(w) for n, w in weights.items()}, winner / "weights.safetensors")
    sign(winner)
    with pytest.raises(UserError, match=r"model\.onnx: differs from its network by"):
        verify_winner(winner, store_of_finished)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("quality.psnr", r"model\.onnx: has quality\.psnr \d.*; card\.md says 1\d"),
        ("size.params", r"card\.md: says size\.params 1\d+; it is \d+"),
    ],
)
def test_a_figure_that_it_has_not_is_told(
    winner: Path, store_of_finished: Store, column: str, told: str
) -> None:
    card = winner / "card.md"
    card.write_text(card.read_text().replace(f"{column}: ", f"{column}: 1"))
    sign(winner)
    with pytest.raises(UserError, match=told):
        verify_winner(winner, store_of_finished)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("card.md", "a card", r"card\.md: does not begin with the facts of a winner"),
        ("card.md", "---\ntrial: t0001\n---\n", r"card\.md: does not begin with the facts"),
        ("recipe.yaml", "width: 4\n", r"recipe\.yaml: does not say 'network'"),
        ("weights.safetensors", "none", r"safetensors: is not of the network in recipe\.yaml"),
        ("model.onnx", "none", r"model\.onnx: not an ONNX file that onnxruntime can run"),
    ],
)
def test_what_is_no_winner_any_more_is_told(
    winner: Path, store_of_finished: Store, name: str, text: str, told: str
) -> None:
    (winner / name).write_text(text)
    sign(winner)
    with pytest.raises(UserError, match=told) as caught:
        verify_winner(winner, store_of_finished)
    assert "\n" not in str(caught.value)


def test_photos_that_are_gone_leave_the_quality_unchecked(
    winner: Path, store_of_finished: Store
) -> None:
    card = winner / "card.md"
    card.write_text(card.read_text().replace("source: procedural", "source: folders"))
    text = card.read_text()
    key = text.partition("faces_key: ")[2].partition("\n")[0]
    sign(winner)
    assert len(verify_winner(winner, store_of_finished).checked) == 4
    card.write_text(text.replace(key, "null"))
    sign(winner)
    verdict = verify_winner(winner, store_of_finished)
    assert len(verdict.checked) == 3
    assert verdict.unchecked[0].startswith("quality: the held-out faces are not in the store ")
