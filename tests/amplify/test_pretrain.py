from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from paretint.amplify.network import ResidualUNet, load_weights
from paretint.amplify.pretrain import FACES_A_STYLE, batch, main, pool, train
from paretint.amplify.style_code import style_code
from paretint.faces import Pairs, random_styles, render_pairs, to_float

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
    photos = to_float(pairs.before)
    for group in range(0, 20, 4):
        assert len(given.code[group : group + 4].unique(dim=0)) == 1
        asked = {place(photo, photos) for photo in given.photo[group : group + 4]}
        assert len(asked) == 4
        first = min(asked) // FACES_A_STYLE * FACES_A_STYLE
        others = sorted(set(range(first, first + FACES_A_STYLE)) - asked)
        blind = not given.masks[group : group + 4].any()
        told = [code_of(pairs, list(shown), blind) for shown in subsets(others)]
        assert any(torch.allclose(given.code[group], code, atol=1e-5) for code in told)


def place(photo: Tensor, photos: Tensor) -> int:
    [where] = [index for index, one in enumerate(photos) if one.equal(photo)]
    return where


def subsets(items: list[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(items, count) for count in range(1, len(items) + 1))


def code_of(pairs: Pairs, shown: list[int], blind: bool) -> Tensor:
    regions = None if blind or pairs.regions is None else pairs.regions[shown]
    return style_code(to_float(pairs.before[shown]), to_float(pairs.after[shown]), regions)


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


def test_what_is_kept_is_an_average_over_the_run(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> Tensor:
        weights = train(pairs, 3, 1, 1e-3, 0).parameters()
        return torch.cat([weight.detach().flatten() for weight in weights])

    averaged = kept()
    monkeypatch.setattr("paretint.amplify.pretrain.EMA", 0.0)
    last = kept()
    torch.manual_seed(0)
    start = torch.cat([weight.detach().flatten() for weight in ResidualUNet().parameters()])
    assert 0 < (averaged - last).norm() < (start - last).norm()


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
