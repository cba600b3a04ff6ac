from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paretint import UserError
from paretint.amplify import AmplifierWorker, AmplifyJob
from paretint.amplify.network import ResidualUNet, save_weights
from paretint.config import Gate


def with_settings(job: AmplifyJob, **changed: Any) -> AmplifyJob:
    return replace(job, settings=job.settings.model_copy(update=changed))


def keys(job: AmplifyJob) -> tuple[str, str]:
    return job.amplifier_key, job.amplified_key


def test_the_same_settings_have_the_same_keys(job: AmplifyJob) -> None:
    assert keys(replace(job)) == keys(job)


@pytest.mark.parametrize(
    "changed",
    [{"fine_tune_steps": 3}, {"batch": 3}, {"learning_rate": 2e-4}, {"regions": ("lips",)}],
)
def test_another_fine_tuning_is_another_amplifier(
    job: AmplifyJob, changed: dict[str, float]
) -> None:
    other = with_settings(job, **changed)
    assert other.amplifier_key != job.amplifier_key
    assert other.amplified_key != job.amplified_key


@pytest.mark.parametrize(
    "changed",
    [
        {"steps": 3},
        {"lambda_makeup": 0.5},
        {"lambda_detail": 0.5},
        {"part": 5},
        {"gate": Gate()},
    ],
)
def test_another_drawing_is_the_same_amplifier(job: AmplifyJob, changed: dict[str, float]) -> None:
    other = with_settings(job, **changed)
    assert other.amplifier_key == job.amplifier_key
    assert other.amplified_key != job.amplified_key


def test_other_pairs_and_seeds_are_other_amplifiers(job: AmplifyJob) -> None:
    jobs = (job, replace(job, source_pairs=1), replace(job, seed=1))
    assert len({job.amplifier_key for job in jobs}) == 3


def test_more_pairs_than_there_are_are_all_of_them(job: AmplifyJob) -> None:
    assert keys(replace(job, source_pairs=3)) == keys(replace(job, source_pairs=100))


def test_a_base_is_known_by_what_is_in_it(job: AmplifyJob, untrained: Path, tmp_path: Path) -> None:
    copy, other = tmp_path / "copy.safetensors", tmp_path / "other.safetensors"
    shutil.copy(untrained, copy)
    assert keys(with_settings(job, weights=str(copy))) == keys(job)
    save_weights(ResidualUNet(), other, {})
    assert with_settings(job, weights=str(other)).amplifier_key != job.amplifier_key


def test_what_is_missing_of_a_count(job: AmplifyJob) -> None:
    assert job.missing(0) == []
    assert job.missing(9) == [0, 1, 2]
    worker = AmplifierWorker()
    worker.fit(job, lambda *_: None)
    worker.make_part(job, 1)
    assert job.missing(8) == [0]
    assert job.missing(9) == [0, 2]


@pytest.mark.parametrize("name", ["no-such-base", "absent.safetensors", "/"])
def test_weights_that_are_nowhere(job: AmplifyJob, name: str) -> None:
    with pytest.raises(UserError) as raised:
        _ = with_settings(job, weights=name).amplifier_key
    assert str(raised.value).startswith(f"{name}: no amplifier base can be read here")
    assert "\n" not in str(raised.value)
