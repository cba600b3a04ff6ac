"""Stable Diffusion through the interface that the rest of the room knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from paretint import UserError
from paretint.amplify import AmplifierWorker, AmplifyJob, base_of, open_amplified
from paretint.amplify.stable import StableAmplifier
from paretint.config import Adapter, StableDiffusion
from paretint.faces import Faces, Pairs, seeded
from paretint.regions import changed

CPU = torch.device("cpu")


def silent(_step: int) -> None: ...


@pytest.fixture
def fitted(stable: StableDiffusion, pairs: Pairs) -> StableAmplifier:
    amplifier = base_of(stable).fit(pairs, 0, CPU, silent)
    assert isinstance(amplifier, StableAmplifier)
    return amplifier


@pytest.fixture
def befores(pairs: Pairs) -> Faces:
    return Faces(pairs.names, pairs.before, pairs.regions)


def noise(*seeds: int) -> list[torch.Generator]:
    return [seeded(seed) for seed in seeds]


@pytest.mark.parametrize("inversion", ["ddim", "sdedit"])
def test_outside_the_mask_the_after_is_the_before_exactly(
    fitted: StableAmplifier, befores: Faces, inversion: str
) -> None:
    settings = fitted.settings.model_copy(update={"inversion": inversion})
    made = replace(fitted, settings=settings).residuals(befores, noise(0, 1, 2))
    assert befores.regions is not None
    outside = (changed(befores.regions, 32) == 0).expand(-1, 3, -1, -1)
    after = made.after(1.0, 0.8)
    assert torch.equal(after[outside], (befores.photos.float() / 255)[outside])
    assert made.makeup[~outside].abs().max() > 0
    assert made.detail[~outside].abs().max() > 0
    assert torch.allclose(made.after(0.0, 1.0), befores.photos / 255, atol=1e-6)


def test_an_image_is_its_faces_and_its_generators_alone(
    fitted: StableAmplifier, befores: Faces
) -> None:
    whole = fitted.residuals(befores, noise(0, 1, 2))
    last = fitted.residuals(befores.at([2]), noise(2))
    for together, alone in zip(whole, last, strict=True):
        assert torch.allclose(together[2:], alone, atol=1e-4)
    other = fitted.residuals(befores.at([2]), noise(3))
    assert not torch.allclose(other.makeup, last.makeup, atol=1e-3)


def test_more_faces_than_go_through_at_once(
    fitted: StableAmplifier, befores: Faces, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fitted.residuals(befores, noise(0, 1, 2))
    monkeypatch.setattr("paretint.amplify.stable.base.AT_ONCE", 2)
    for first, second in zip(whole, fitted.residuals(befores, noise(0, 1, 2)), strict=True):
        assert torch.allclose(first, second, atol=1e-4)


@pytest.mark.parametrize("adapter", [Adapter(), Adapter(kind="full")], ids=["lora", "full"])
def test_a_saved_amplifier_draws_the_same(
    stable: StableDiffusion, pairs: Pairs, befores: Faces, tmp_path: Path, adapter: Adapter
) -> None:
    base = base_of(stable.model_copy(update={"adapter": adapter}))
    amplifier = base.fit(pairs, 0, CPU, silent)
    amplifier.save(tmp_path)
    first = amplifier.residuals(befores, noise(0, 1, 2))
    second = base.load(tmp_path).to(CPU).residuals(befores, noise(0, 1, 2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_is_near_the_whole(
    stable: StableDiffusion, pairs: Pairs, befores: Faces, precision: str
) -> None:
    settings = stable.model_copy(update={"fine_tune_steps": 1, "learning_rate": 1e-6})
    whole, half = (
        base_of(settings.model_copy(update={"precision": each})).fit(pairs, 0, CPU, silent)
        for each in ("fp32", precision)
    )
    first, second = (
        each.residuals(befores, noise(0, 1, 2)).after(1, 0.8) for each in (whole, half)
    )
    assert second.dtype == torch.float32
    assert (first - second).abs().mean() < 0.02
    assert not torch.equal(first, second)


def test_photos_of_another_size_are_told_before_anything_is_learned(
    stable: StableDiffusion, pairs: Pairs
) -> None:
    assert pairs.regions is not None
    small = Pairs(
        pairs.names, pairs.before[..., :28, :28], pairs.after[..., :28, :28],
        pairs.regions[..., :28, :28],
    )  # fmt: skip
    with pytest.raises(UserError, match=r"faces.size 28: this base needs a multiple of 8"):
        base_of(stable).fit(small, 0, CPU, lambda _step: pytest.fail("it began"))


def test_a_worker_makes_parts_with_it(stable: StableDiffusion, job: AmplifyJob) -> None:
    on_stable = replace(job, settings=stable)
    worker = AmplifierWorker()
    worker.fit(on_stable, lambda _what, _done, _of: None)
    for part in (0, 1):
        worker.make_part(on_stable, part)
    made = open_amplified(on_stable, 6)
    assert len(made) == 6
    assert not torch.equal(made.before, made.after)
    assert worker.draw_sheet(on_stable).is_file()
    sharper = replace(job, settings=stable.model_copy(update={"guidance": 4.0}))
    assert sharper.amplifier_key == on_stable.amplifier_key
    assert sharper.amplified_key != on_stable.amplified_key
