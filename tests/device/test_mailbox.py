from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import polars as pl
import pytest

from paretint.device.mailbox import PROTOCOL, Card, Mailbox, Pulse
from paretint.device.protocol import SAMPLES
from paretint.export import export_coreml
from paretint.store import Remote, Result
from paretint.student import TinyBeauty

A = "a" * 64
CARD = Card(PROTOCOL, "p1", 0, "ort-cpu", "onnx", "0.1.0")
FIGURES = {"fps": 500.0, "provenance": "measured:agent:iphone13"}
RESULT = Result("agent:iphone13", A, "onnx", FIGURES, {})
RAW = pl.DataFrame([("candidate", 0, "run", 0, 2.0)], schema=SAMPLES, orient="row")


@pytest.fixture(params=["disk", "memory"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    urls = {"disk": str(tmp_path / "run"), "memory": f"memory://{uuid.uuid4().hex}/run"}
    yield Remote(urls[request.param])
    fsspec.filesystem("memory").store.clear()


@pytest.fixture
def box(run: Remote) -> Mailbox:
    return Mailbox(run, "agent:iphone13")


def test_nothing_yet(box: Mailbox, tmp_path: Path) -> None:
    assert box.card() is None
    assert box.done() == set()
    assert box.wanted() == []
    assert box.result(A) is None
    assert box.failure(A) is None
    assert box.fetch(A, "onnx", tmp_path) is None


def test_a_card_comes_and_goes(box: Mailbox) -> None:
    box.show(CARD)
    assert box.card() == CARD
    box.leave()
    assert box.card() is None


@pytest.mark.parametrize("content", [b"", b"half a ca", b"[]", b'{"protocol": "one"}'])
def test_a_card_that_cannot_be_read(run: Remote, box: Mailbox, content: bytes) -> None:
    run.write("devices/agent+iphone13/agent.json", content)
    assert box.card() is None


def test_a_card_of_another_version_tells_its_version(run: Remote, box: Mailbox) -> None:
    told = {"protocol": 9, "paretint": "7.0", "mood": "good"}
    run.write("devices/agent+iphone13/agent.json", json.dumps(told).encode())
    assert box.card() == Card(9, "", 0, "", "onnx", "7.0")


def test_a_request_is_taken_and_answered(
    box: Mailbox, student: Callable[..., Path], tmp_path: Path
) -> None:
    box.want(A, student(), "onnx")
    assert box.wanted() == [A]
    model = box.fetch(A, "onnx", tmp_path)
    assert model is not None
    assert model.read_bytes() == student().read_bytes()
    box.answer(RESULT, RAW)
    assert box.wanted() == []
    assert box.done() == {A}
    found = box.result(A)
    assert found is not None
    assert found[0] == RESULT
    assert found[1].equals(RAW)


def test_a_request_for_a_package_brings_it_along(
    box: Mailbox, student: Callable[..., Path], tmp_path: Path
) -> None:
    model, here = tmp_path / "model.onnx", tmp_path / "here"
    here.mkdir()
    model.write_bytes(student().read_bytes())
    package = export_coreml(TinyBeauty(4, 0), 16, tmp_path / "model.mlpackage")
    box.want(A, model, "coreml")
    assert box.wanted() == [A]
    assert box.fetch(A, "coreml", here) == here / "model.onnx"
    files = [file.relative_to(package) for file in package.rglob("*") if file.is_file()]
    assert files
    for file in files:
        copy = here / "model.mlpackage" / file
        assert copy.read_bytes() == (package / file).read_bytes()
    box.drop(A)
    assert box.wanted() == []
    assert box.fetch(A, "coreml", here) is None


def test_a_failure_is_told_until_it_is_wanted_again(
    box: Mailbox, student: Callable[..., Path]
) -> None:
    box.want(A, student(), "onnx")
    box.fail(A, "the phone vanished")
    assert box.failure(A) == "the phone vanished"
    assert box.wanted() == []
    box.want(A, student(), "onnx")
    assert box.failure(A) is None


def test_a_result_without_its_samples_is_not_there(run: Remote, box: Mailbox) -> None:
    run.write(f"devices/agent+iphone13/{A}.json", RESULT.dump())
    assert box.result(A) is None


def test_a_heart_is_judged_by_its_changes_alone() -> None:
    now = [1000.0]
    pulse = Pulse(quiet_s=30, clock=lambda: now[0])
    beats = [Card(PROTOCOL, "p1", beat, "ort-cpu", "onnx", "0.1.0") for beat in (7, 8)]
    assert not pulse.stands_still(beats[0])
    now[0] += 30
    assert not pulse.stands_still(beats[0])
    now[0] += 1
    assert pulse.stands_still(beats[0])
    assert not pulse.stands_still(beats[1])
    now[0] += 31
    assert pulse.stands_still(beats[1])
    restarted = Card(PROTOCOL, "p2", 8, "ort-cpu", "onnx", "0.1.0")
    assert not pulse.stands_still(restarted)
