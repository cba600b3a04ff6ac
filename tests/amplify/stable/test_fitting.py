from __future__ import annotations

from pathlib import Path

import pytest
import torch

from paretint.amplify.stable.fitting import fine_tune, makeup_of, styles
from paretint.amplify.stable.model import Model
from paretint.config import Adapter, StableDiffusion
from paretint.faces import Pairs, to_float
from paretint.regions import changed


@pytest.fixture
def fresh(stable: StableDiffusion, pipeline: Path, encoder: Path) -> Model:
    return Model.read(pipeline, encoder, stable.adapter, torch.float32, 0)


def longer(settings: StableDiffusion, **changes: object) -> StableDiffusion:
    return settings.model_copy(update={"fine_tune_steps": 60, **changes})


def silent(_step: int) -> None: ...


@pytest.mark.parametrize("kind", ["lora", "full"])
def test_fine_tuning_lowers_the_masked_error(
    stable: StableDiffusion, pipeline: Path, encoder: Path, pairs: Pairs, kind: str
) -> None:
    from paretint.amplify.stable import fitting

    adapter = Adapter(kind=kind)
    settings = longer(stable, adapter=adapter, learning_rate=1e-2)
    model = Model.read(pipeline, encoder, adapter, torch.float32, 0)

    def error() -> float:
        from paretint.amplify.stable.tokens import features

        known = styles(model, pairs, settings)
        faces = features(model.encoder, to_float(pairs.before))
        generator = torch.Generator().manual_seed(9)
        with torch.no_grad():
            losses = [
                fitting._loss(model, pairs, settings, faces, known, generator) for _ in range(30)
            ]
        return float(torch.stack(losses).mean())

    first = error()
    told: list[int] = []
    fine_tune(model, pairs, settings, 0, told.append)
    assert told == list(range(1, 61))
    assert error() < 0.95 * first


def test_only_what_learns_changes_and_the_seed_decides_how(
    stable: StableDiffusion, pipeline: Path, encoder: Path, pairs: Pairs
) -> None:
    def fitted(seed: int) -> Model:
        model = Model.read(pipeline, encoder, stable.adapter, torch.float32, 0)
        fine_tune(model, pairs, stable, seed, silent)
        return model

    first, again, other = fitted(0), fitted(0), fitted(1)
    assert all(torch.equal(first.state()[name], again.state()[name]) for name in first.state())
    assert any(not torch.equal(first.state()[n], other.state()[n]) for n in first.state())
    untouched = Model.read(pipeline, encoder, stable.adapter, torch.float32, 0)
    still = {n: p for n, p in untouched.unet.named_parameters() if not p.requires_grad}
    now = dict(first.unet.named_parameters())
    assert still
    assert all(torch.equal(now[name], value) for name, value in still.items())
    assert not first.unet.training


def test_a_style_is_known_by_its_makeup_alone(
    stable: StableDiffusion, fresh: Model, pairs: Pairs
) -> None:
    known = styles(fresh, pairs, stable)
    assert known.shape == (len(pairs), 12)
    assert pairs.regions is not None
    outside = changed(pairs.regions, 32) == 0
    other = torch.where(outside, 255 - pairs.after.float(), pairs.after.float()).to(torch.uint8)
    same = Pairs(pairs.names, pairs.before, other, pairs.regions)
    assert torch.allclose(styles(fresh, same, stable), known, atol=1e-6)


def test_without_regions_makeup_may_be_anywhere(stable: StableDiffusion) -> None:
    photos = torch.rand(2, 3, 4, 4)
    assert torch.equal(makeup_of(None, photos, stable), torch.ones(2, 1, 4, 4))


def test_a_loss_that_is_no_number_ends_it(
    stable: StableDiffusion, fresh: Model, pairs: Pairs
) -> None:
    with torch.no_grad():
        fresh.tokens.norm.weight.fill_(torch.nan)
    with pytest.raises(FloatingPointError, match="loss is nan at step 0"):
        fine_tune(fresh, pairs, stable, 0, silent)
