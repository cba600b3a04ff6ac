"""Amplified pairs of machines that share nothing but storage behind a URL."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from paretint.amplify import AmplifierWorker, AmplifyJob, open_amplified
from paretint.amplify.parts import part_path
from paretint.config import ProceduralFaces, RdmSmall
from paretint.faces import prepare_faces
from paretint.store import Shared, Store

COUNT = 10
CONFIG = ProceduralFaces(
    source="procedural", style="rose", size=32, pairs=3, unlabelled=10, heldout=8
)


@pytest.fixture
def on(tmp_path: Path, settings: RdmSmall) -> Callable[[str], AmplifyJob]:
    """Gives the job as a machine has it that it was sent to; the first one prepared its faces."""
    url = f"memory://{uuid.uuid4().hex}"
    faces = prepare_faces(CONFIG, 0, Store(tmp_path / "one", Shared(url)))

    def sent(machine: str) -> AmplifyJob:
        return AmplifyJob(Store(tmp_path / machine, Shared(url)), faces, 2, settings, seed=0)

    return sent


def silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def contents(job: AmplifyJob) -> list[bytes]:
    return [path.read_bytes() for path in sorted(job.folder.glob("part-*"))]


def unplug(job: AmplifyJob) -> None:
    """Take a machine's disk away: what is not on the storage is lost."""
    shutil.rmtree(job.store.root)


def test_a_part_made_on_one_machine_is_not_made_on_another(
    on: Callable[[str], AmplifyJob],
) -> None:
    one, two = on("one"), on("two")
    worker = AmplifierWorker()
    worker.fit(one, silent)
    for part in (0, 2):
        worker.make_part(one, part)
    first = contents(one)
    unplug(one)
    assert two.missing(COUNT) == [1]
    assert contents(two) == first
    worker.make_part(two, 0)
    assert contents(two) == first


def test_a_machine_draws_with_an_amplifier_that_another_fitted(
    on: Callable[[str], AmplifyJob],
) -> None:
    one, two, three = on("one"), on("two"), on("three")
    worker = AmplifierWorker()
    worker.fit(one, silent)
    for part in range(3):
        worker.make_part(one, part)
    unplug(one)
    other = AmplifierWorker()
    other.make_part(two, 1)
    assert two.store.find("amplifier", two.amplifier_key) is not None
    assert three.missing(COUNT) == []
    assert other.draw_sheet(two).read_bytes() == worker.draw_sheet(three).read_bytes()
    assert open_amplified(three, COUNT).names == tuple(
        f"{name}-{index}" for index, name in enumerate(two.data.unlabelled.names)
    )


def test_a_part_that_nobody_else_could_have_is_put_there_later(
    on: Callable[[str], AmplifyJob],
) -> None:
    one, two = on("one"), on("two")
    cut_off = replace(one, store=Store(one.store.root))  # as if the storage had failed just then
    worker = AmplifierWorker()
    worker.fit(cut_off, silent)
    worker.make_part(cut_off, 0)
    assert two.missing(4) == [0]
    assert one.missing(4) == []
    assert two.missing(4) == []
    assert part_path(two.folder, 0).read_bytes() == part_path(one.folder, 0).read_bytes()
