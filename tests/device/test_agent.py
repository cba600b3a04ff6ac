"""What a waiting side says, whatever the agent does; two real processes are in test_cli_device."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from paretint.device import Agent, mailbox, measure, runner
from paretint.device.mailbox import PROTOCOL, Card, Mailbox
from paretint.device.protocol import SAMPLES
from paretint.errors import UserError
from paretint.export import structure
from paretint.store import Remote, Result, Run, Store

CARD = Card(PROTOCOL, "p1", 0, "ort-cpu", "onnx", "0.1.0")
RUNS = [(model, 0, "run", 0, ms) for model, ms in (("candidate", 2.0), ("control", 3.0))]
RAW = pl.DataFrame([*RUNS, ("candidate", 0, "load", 0, 9.0)], schema=SAMPLES, orient="row")


@pytest.fixture
def box(modelled: Run) -> Mailbox:
    return Mailbox(Remote(modelled.folder), "agent:iphone13")


@pytest.fixture
def model(modelled: Run) -> Path:
    return modelled.models("t0000") / "model.onnx"


def answer(box: Mailbox, told: str, **figures: float) -> None:
    known = {"provenance": "measured:agent:iphone13", **figures}
    box.answer(Result("agent:iphone13", told, "onnx", known, {}), RAW)


def ask(model: Path, run: Run, store: Store) -> UserError:
    with pytest.raises(UserError) as told:
        measure(model, "agent:iphone13", store, run=run.folder)
    assert "\n" not in str(told.value)
    return told.value


def impatient(run: Run, seconds: float) -> None:
    """Let the run's trials wait for so long."""
    text = run.experiment_yaml.read_text()
    assert "agent_wait_s: 900.0" in text
    run.experiment_yaml.write_text(text.replace("agent_wait_s: 900.0", f"agent_wait_s: {seconds}"))


def test_a_number_that_is_there_is_used_without_an_agent(
    modelled: Run, box: Mailbox, model: Path, store: Store
) -> None:
    answer(box, structure(model), npu_share=0.5)
    timing = measure(model, "agent:iphone13", store, run=modelled.folder)
    assert (timing.p50_ms, timing.relative, timing.load_ms) == (2.0, 1.5, 9.0)
    assert (timing.npu_share, timing.provenance) == (0.5, "measured:agent:iphone13")
    assert box.wanted() == []


def test_no_agent_is_told_at_once_with_how_to_start_one(
    modelled: Run, model: Path, store: Store
) -> None:
    assert str(ask(model, modelled, store)) == (
        "no agent named iphone13 is at this run; start one with: paretint device agent --run"
        f" {modelled.folder} --name iphone13"
    )


def test_an_agent_of_another_version(
    modelled: Run, box: Mailbox, model: Path, store: Store
) -> None:
    box.show(replace(CARD, protocol=PROTOCOL + 1, paretint="9.9"))
    assert "agent:iphone13: the agent is of paretint 9.9, this is " in str(
        ask(model, modelled, store)
    )
    assert box.wanted() == []


def test_an_agent_that_needs_packages(
    modelled: Run, box: Mailbox, model: Path, store: Store
) -> None:
    box.show(replace(CARD, form="coreml"))
    assert str(ask(model, modelled, store)) == (
        f"agent:iphone13: measures Core ML packages; there is none beside {model}"
    )


def test_a_heart_that_stands_still(
    modelled: Run, box: Mailbox, model: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "QUIET_S", 0.4)
    box.show(CARD)
    assert str(ask(model, modelled, store)).startswith(
        "agent:iphone13: its heart stands still; no agent named iphone13 is at this run; start"
    )
    assert box.wanted() == [structure(model)]


def test_no_answer_in_time_leaves_the_request(
    modelled: Run, box: Mailbox, model: Path, store: Store
) -> None:
    impatient(modelled, 0.4)
    box.show(CARD)
    assert str(ask(model, modelled, store)) == (
        "agent:iphone13: no answer within 0.4 s; the request stays; see what the agent says, or"
        " raise budget.agent_wait_s"
    )
    assert box.wanted() == [structure(model)]


def test_a_number_that_comes_while_it_waits(
    modelled: Run, box: Mailbox, model: Path, store: Store
) -> None:
    box.show(CARD)
    later = threading.Timer(0.6, answer, (box, structure(model)))
    later.start()
    assert measure(model, "agent:iphone13", store, run=modelled.folder).p50_ms == 2
    later.join()


def test_a_failure_is_the_agent_s_own_words(
    modelled: Run, box: Mailbox, model: Path, store: Store
) -> None:
    box.show(CARD)
    later = threading.Timer(0.6, box.fail, (structure(model), "android: the phone X vanished"))
    later.start()
    assert str(ask(model, modelled, store)) == "agent:iphone13: android: the phone X vanished"
    later.join()


def test_a_single_file_has_no_agent(student: Callable[..., Path], store: Store) -> None:
    with pytest.raises(UserError) as told:
        measure(student(), "agent:iphone13", store)
    assert str(told.value) == "agent:iphone13: an agent works at a run; give a run's folder"


def test_a_living_agent_is_one_whose_card_changes(
    modelled: Run, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "BEAT_S", 0.5)
    agent = runner("agent:iphone13", modelled.folder)
    assert isinstance(agent, Agent)
    assert not agent.lives()
    box.show(CARD)
    assert not agent.lives()
    later = threading.Timer(0.3, box.show, (replace(CARD, beat=1),))
    later.start()
    agent.wait()
    later.join()


def test_an_agent_that_does_not_come(modelled: Run) -> None:
    impatient(modelled, 0.3)
    agent = Agent("iphone13", modelled.folder)
    with pytest.raises(UserError, match="no agent named iphone13 is at this run"):
        agent.wait()
