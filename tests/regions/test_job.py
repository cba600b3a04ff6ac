from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paretint import UserError
from paretint.regions import (
    ARCHITECTURES,
    Architecture,
    FaceParser,
    ParserJob,
    ParserSchedule,
    open_labelled,
    prepare_labelled,
    rendered,
    train_here,
)
from paretint.regions.augment import WIDE
from paretint.store import Store

STEPS = 6
CPU = torch.device("cpu")


class KilledError(Exception):
    """Stands for the end of a process in the midst of a training."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `lite` be as small as it can."""
    tiny = Architecture(width=4, blocks=(1, 1, 1), hidden=8, side=16)
    monkeypatch.setitem(ARCHITECTURES, "lite", tiny)


@pytest.fixture
def job(labels_json: Path, store: Store, tmp_path: Path) -> ParserJob:
    labelled = prepare_labelled(labels_json, 16, store, lambda *_: None)
    schedule = ParserSchedule(STEPS, batch=2, points=16)
    return ParserJob(labelled, 1, "lite", schedule, 0, tmp_path / "state", rendered=2)


@pytest.fixture
def every_step_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paretint.regions.job._SAVE_EVERY", -1.0)


def silent(_done: int, _of: int) -> None:
    pass


def unbroken(job: ParserJob) -> FaceParser:
    """The parser of the same job, from its first step on."""
    anew = replace(job, state=job.state.with_name("unbroken"))
    anew.state.unlink(missing_ok=True)
    return train_here(anew, silent)


def kill_at(step: int) -> Callable[[int, int], None]:
    def tell(done: int, _of: int) -> None:
        if done == step:
            raise KilledError

    return tell


# The key


def test_the_key_is_of_what_determines_the_parser(
    job: ParserJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [
        job,
        replace(job, labelled=job.labelled.with_name("0" * 64)),
        replace(job, heldout=2),
        replace(job, architecture="full"),
        replace(job, seed=1),
        replace(job, rendered=3),
        *(
            replace(job, schedule=replace(job.schedule, **{name: value}))
            for name, value in (
                ("steps", 7), ("batch", 3), ("learning_rate", 0.1), ("points", 8), ("views", WIDE),
            )
        ),
    ]  # fmt: skip
    assert len({other.key for other in others}) == len(others) == 11
    monkeypatch.setitem(ARCHITECTURES, "lite", Architecture(8, (1, 1, 1), 8, 16))
    assert replace(job).key not in {other.key for other in others}


def test_where_things_lie_does_not_matter_to_the_key(job: ParserJob, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / job.labelled.name
    assert replace(job, state=tmp_path / "other", labelled=elsewhere).key == job.key


# Going on


@pytest.mark.usefixtures("every_step_is_kept")
@pytest.mark.parametrize("step", [1, 3, STEPS])
def test_a_killed_training_goes_on_and_ends_as_if_it_had_not_been(
    job: ParserJob, step: int
) -> None:
    with pytest.raises(KilledError):
        train_here(job, kill_at(step))
    told: list[tuple[int, int]] = []
    parser = train_here(job, lambda *step: told.append(step))
    assert told == [(done, STEPS) for done in range(step, STEPS + 1)]
    assert parser.key == unbroken(job).key


def test_a_training_killed_before_it_was_kept_begins_anew(job: ParserJob) -> None:
    with pytest.raises(KilledError):
        train_here(job, kill_at(4))
    assert not job.state.exists()
    assert train_here(job, silent).key == unbroken(job).key


def test_a_finished_training_is_not_repeated(job: ParserJob) -> None:
    told: list[int] = []
    parser = train_here(job, silent)
    assert train_here(job, lambda done, _: told.append(done)).key == parser.key
    assert job.finished().key == parser.key
    assert told == []


@pytest.mark.usefixtures("every_step_is_kept")
def test_only_the_last_step_is_a_parser(job: ParserJob) -> None:
    with pytest.raises(RuntimeError, match="holds nothing; do all workers see its disk"):
        job.finished()
    with pytest.raises(KilledError):
        train_here(job, kill_at(4))
    with pytest.raises(RuntimeError, match="holds step 3; do all workers see its disk"):
        job.finished()


def test_a_write_that_fails_leaves_the_state_that_was_there(
    job: ParserJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_here(job, silent)
    before = job.state.read_bytes()

    def full_disk(_state: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr("torch.save", full_disk)
    with pytest.raises(OSError, match="no space left"):
        job.keep(job.training(CPU))
    assert job.state.read_bytes() == before
    assert {path.name for path in job.state.parent.glob("*state*")} == {"state"}


def test_the_world_s_random_numbers_are_left_alone(job: ParserJob) -> None:
    state = torch.get_rng_state()
    train_here(job, silent)
    assert torch.get_rng_state().equal(state)


# States that are no use


def complaint(job: ParserJob) -> str:
    with pytest.raises(UserError) as caught:
        train_here(job, silent)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{job.state}: ")


def test_the_state_of_another_job_is_told(job: ParserJob) -> None:
    train_here(job, silent)
    left = job.state.read_bytes()
    assert complaint(replace(job, seed=1)) == (
        "was left by a training on other photos or with other settings;"
        " repeat those to finish it, or remove it to begin anew"
    )
    assert job.state.read_bytes() == left


NO_TRAINING = "holds no training to go on with; remove it to begin anew"


def test_a_state_cut_short_is_told(job: ParserJob) -> None:
    train_here(job, silent)
    job.state.write_bytes(job.state.read_bytes()[:-1000])
    assert complaint(job) == NO_TRAINING


@pytest.mark.filterwarnings("ignore:Detected pickle protocol:UserWarning")
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=40))
def test_a_file_of_anything_is_told(job: ParserJob, content: bytes) -> None:
    job.state.write_bytes(content)
    assert complaint(job) == NO_TRAINING


@pytest.mark.parametrize("content", [torch.zeros(3), {"epoch": 1}, [1, 2]])
def test_what_another_program_saved_is_told(job: ParserJob, content: object) -> None:
    saved = io.BytesIO()
    torch.save(content, saved)
    job.state.write_bytes(saved.getvalue())
    assert complaint(job).startswith("was left by a training on other photos")


def test_a_folder_is_no_state(job: ParserJob) -> None:
    job.state.mkdir()
    assert complaint(job) == NO_TRAINING


# What is trained on


def spoil(job: ParserJob, *names: str) -> None:
    """Paint half of some photos over, in the file that holds them all."""
    photos = np.load(job.labelled / "photos.npy", mmap_mode="r+")
    for index, name in enumerate(open_labelled(job.labelled).names):
        if name in names:
            photos[index, :, :8] = 255
    photos.flush()


def test_the_held_out_are_not_trained_on(job: ParserJob) -> None:
    rest, held = job.split()
    assert len(held) == 1
    assert set(held.names).isdisjoint(rest.names)
    parser = unbroken(job)
    spoil(job, *held.names)
    assert unbroken(job).key == parser.key
    spoil(job, *rest.names)
    assert unbroken(job).key != parser.key


def test_rendered_faces_are_trained_on(job: ParserJob) -> None:
    job = replace(job, schedule=replace(job.schedule, batch=4))
    assert unbroken(job).key != unbroken(replace(job, rendered=3)).key


def test_rendered_faces_come_twice_with_one_map() -> None:
    faces = rendered(3, 32, seed=4)
    assert len(faces) == 6
    assert faces.labels[:3].equal(faces.labels[3:])
    assert not faces.photos[:3].equal(faces.photos[3:])
    assert rendered(3, 32, seed=4).photos.equal(faces.photos)
    assert not rendered(3, 32, seed=5).photos.equal(faces.photos)
