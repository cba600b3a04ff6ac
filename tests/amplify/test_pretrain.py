from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from paretint.amplify.network import load_weights
from paretint.amplify.pretrain import FACES_A_STYLE, batch, main, pool, train
from paretint.faces import Pairs, random_styles, render_pairs

SIZE = 32


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return pool(styles=3, size=SIZE, seed=0)


def test_a_pool_shows_each_style_on_other_faces(pairs: Pairs) -> None:
    assert len(pairs) == 3 * FACES_A_STYLE
    assert len(pairs.before.flatten(1).unique(dim=0)) == len(pairs)
    looks = random_styles(3, torch.Generator().manual_seed(0))
    for style, look in enumerate(looks):
        one = slice(style * FACES_A_STYLE, (style + 1) * FACES_A_STYLE)
        assert pairs.after[one].equal(render_pairs(look, len(pairs), SIZE, 0).after[one])


def test_a_batch_asks_for_faces_other_than_its_examples(pairs: Pairs) -> None:
    after, given = batch(pairs, 5, torch.Generator().manual_seed(0))
    assert after.shape == given.photo.shape == (20, 3, SIZE, SIZE)
    assert given.masks.shape == (20, 9, SIZE, SIZE)
    for style in range(5):
        one = slice(4 * style, 4 * style + 4)
        assert len(given.code[one].unique(dim=0)) == 1
        assert len(given.photo[one].flatten(1).unique(dim=0)) == 4


def test_masks_are_dropped_for_whole_styles_now_and_then(pairs: Pairs) -> None:
    _, given = batch(pairs, 40, torch.Generator().manual_seed(0))
    shown = given.masks.flatten(1).any(dim=1).view(40, 4)
    assert (shown.any(dim=1) == shown.all(dim=1)).all()
    assert 3 <= (~shown[:, 0]).sum() <= 20
    blind = ~shown.flatten()
    assert (given.weight[blind] == 1).all()
    assert not given.code.view(-1, 6, 9)[blind][:, 1:].any()
    assert given.code.view(-1, 6, 9)[~blind][:, 1:].any()


def test_the_same_seed_trains_the_same_base(
    pairs: Pairs, capsys: pytest.CaptureFixture[str]
) -> None:
    first, again, other = (
        torch.cat([weight.flatten() for weight in train(pairs, 3, 1, 1e-3, seed).parameters()])
        for seed in (0, 0, 1)
    )
    assert first.equal(again)
    assert not first.equal(other)
    assert capsys.readouterr().out == ""


def test_the_command_writes_a_base_that_says_how_it_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "base.safetensors"
    tiny = ["--steps", "2", "--styles", "2", "--groups", "1", "--size", str(SIZE)]
    monkeypatch.setattr(sys, "argv", ["pretrain", "--out", str(out), *tiny])
    main()
    load_weights(out)
    with safe_open(out, "pt") as file:
        assert file.metadata() == {
            "data": "procedural faces, random styles",
            "steps": "2",
            "styles": "2",
            "groups": "1",
            "size": str(SIZE),
            "learning_rate": "0.001",
            "seed": "0",
        }
