"""An agent at work in this process; across two processes it is in test_cli_device."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest

from paretint.device import Served, heart, mailbox, serve
from paretint.device.heart import Heart
from paretint.device.mailbox import Mailbox
from paretint.errors import UserError
from paretint.export import structure
from paretint.store import Ledger, Remote, Run, Store

NAME = "agent:iphone13"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def agent(store: Store, said: list[str]) -> Callable[..., Served]:
    """Lets an agent do all that there is to do."""

    def work(url: str | Path, device: str = "ort-cpu", name: str = "iphone13") -> Served:
        return serve(str(url), name, device, store, once=True, say=said.append)

    return work


@pytest.fixture
def in_memory(modelled: Run) -> Iterator[str]:
    """The run on a file system that is not this machine's disk."""
    url = f"memory://{uuid.uuid4().hex}/run"
    fsspec.filesystem("memory").put(f"{modelled.folder}/", url, recursive=True)
    yield url
    fsspec.filesystem("memory").store.clear()


def test_what_has_no_number_is_measured_once_a_structure(
    modelled: Run, agent: Callable[..., Served], said: list[str]
) -> None:
    assert agent(modelled.folder) == Served(2, 0)
    trials = Ledger(modelled).trials()
    fps = trials[f"speed.{NAME}.fps"].to_list()
    assert fps[0] == fps[1] != fps[2]
    assert fps[3] is None
    assert trials[f"speed.{NAME}.provenance"][0] == "measured:agent:iphone13"
    assert [line.split(":")[0] for line in said[1:]] == ["t0000", "t0002"]
    files = {file: file.stat().st_mtime_ns for file in modelled.folder.glob("devices/*/*")}
    assert {file.suffix for file in files} == {".json", ".parquet"}
    assert agent(modelled.folder) == Served(0, 0)
    assert {f: f.stat().st_mtime_ns for f in modelled.folder.glob("devices/*/*")} == files


def test_a_run_anywhere(in_memory: str, agent: Callable[..., Served], modelled: Run) -> None:
    assert agent(in_memory) == Served(2, 0)
    box = Mailbox(Remote(in_memory), NAME)
    assert box.done() == set(Ledger(modelled).trials()["structure.onnx"].drop_nulls())
    assert box.card() is None


def test_what_is_wanted_comes_first(
    modelled: Run, agent: Callable[..., Served], said: list[str], student: Callable[..., Path]
) -> None:
    wanted = student(8)
    box = Mailbox(Remote(modelled.folder), NAME)
    box.want(structure(wanted), wanted, "onnx")
    assert agent(modelled.folder) == Served(3, 0)
    assert said[1].startswith(structure(wanted)[:12])
    assert box.wanted() == []
    assert box.result(structure(wanted)) is not None


def test_a_request_that_is_answered_is_cleared_away(
    modelled: Run, agent: Callable[..., Served]
) -> None:
    model = modelled.models("t0000") / "model.onnx"
    agent(modelled.folder)
    box = Mailbox(Remote(modelled.folder), NAME)
    box.want(structure(model), model, "onnx")
    assert agent(modelled.folder) == Served(0, 0)
    assert box.wanted() == []


def test_a_run_whose_rows_tell_no_structure(modelled: Run, agent: Callable[..., Served]) -> None:
    modelled.trials_parquet.unlink()
    for trial in ("t0000", "t0001"):
        Ledger(modelled).write_trial({"trial": trial, "state": "complete"})
    Ledger(modelled).write_baseline({"trial": "t0002"})
    assert agent(modelled.folder) == Served(2, 0)


def test_models_that_cannot_be_measured_are_told_and_passed_over(
    modelled: Run, agent: Callable[..., Served], said: list[str], tmp_path: Path
) -> None:
    shutil.rmtree(modelled.models("t0002"))
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    box = Mailbox(Remote(modelled.folder), NAME)
    box.want("b" * 64, broken, "onnx")
    assert agent(modelled.folder) == Served(1, 2)
    assert "not an ONNX file that onnxruntime can run" in str(box.failure("b" * 64))
    assert sum("model.onnx: is not there any more" in line for line in said) == 1


def test_a_phone_that_vanishes_fails_who_waits_and_is_waited_for(
    modelled: Run, agent: Callable[..., Served], phone: Any, student: Callable[..., Path]
) -> None:
    box, wanted = Mailbox(Remote(modelled.folder), NAME), student(8)
    box.want(structure(wanted), wanted, "onnx")
    phone.vanish_after(3)
    assert agent(modelled.folder, "android") == Served(0, 2)
    assert box.failure(structure(wanted)) == (
        "android: the phone R5CT123 vanished while it was measured; plug it in and try again"
    )
    (phone.folder / "left").unlink()
    phone.plug("R5CT123 device")
    box.want(structure(wanted), wanted, "onnx")
    assert agent(modelled.folder, "android") == Served(3, 0)
    assert Ledger(modelled).trials()[f"speed.{NAME}.p50_ms"].to_list() == [1.0, 1.0, 1.0, None]


@pytest.mark.parametrize(
    ("device", "said_of_it"),
    [
        ("agent:other", "--device agent:other: an agent needs a device at hand, such as ort-cpu"),
        ("ort_cpu", "unknown device 'ort_cpu'; did you mean 'ort-cpu'?"),
    ],
)
def test_a_device_that_no_agent_can_have(
    modelled: Run, agent: Callable[..., Served], device: str, said_of_it: str
) -> None:
    with pytest.raises(UserError) as told:
        agent(modelled.folder, device)
    assert str(told.value) == said_of_it


def test_no_run(tmp_path: Path, agent: Callable[..., Served]) -> None:
    with pytest.raises(UserError) as told:
        agent(tmp_path / "absent")
    assert str(told.value) == (f"--run {tmp_path}/absent: is no run: it has no experiment.yaml")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hearts that beat often."""
    monkeypatch.setattr(heart, "BEAT_S", 0.2)
    monkeypatch.setattr(heart, "_LISTEN_S", 0.6)
    monkeypatch.setattr(mailbox, "LOOK_S", 0.05)


def test_two_agents_of_one_name(
    modelled: Run,
    agent: Callable[..., Served],
    quick: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heart, "_LISTEN_S", 60.0)  # it hears the first beat, however late
    box = Mailbox(Remote(modelled.folder), NAME)
    with Heart(box, "iphone13", "ort-cpu", "onnx"), pytest.raises(UserError) as told:
        agent(modelled.folder)
    assert str(told.value) == (
        "another agent named iphone13 is at this run; end it, or give this one another --name"
    )
    with Heart(box, "iphone13", "ort-cpu", "onnx"):
        assert agent(modelled.folder, name="iphone14") == Served(2, 0)


def test_what_a_killed_agent_left_stops_nobody(
    modelled: Run,
    agent: Callable[..., Served],
    quick: None,  # noqa: ARG001
) -> None:
    box = Mailbox(Remote(modelled.folder), NAME)
    with Heart(box, "iphone13", "ort-cpu", "onnx"):
        left = box.card()
    assert left is not None
    box.show(left)
    assert agent(modelled.folder) == Served(2, 0)
    assert box.card() is None


def test_an_agent_whose_name_is_taken_from_it_says_so(
    modelled: Run,
    quick: None,  # noqa: ARG001
) -> None:
    box = Mailbox(Remote(modelled.folder), NAME)
    with Heart(box, "iphone13", "ort-cpu", "onnx") as own:
        own.check()
        card = box.card()
        assert card is not None
        other = replace(card, process="another")
        while own._thread.is_alive():  # a beat may be on its way, and would lie over the first
            box.show(other)
            own._thread.join(timeout=0.3)
        with pytest.raises(UserError, match="another agent named iphone13 is at this run"):
            own.check()
    assert box.card() == other
