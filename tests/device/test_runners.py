from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paretint.device import OrtCpu, availability, known_devices, runner, runs_coreml
from paretint.errors import UserError


def test_known_devices_have_runners_of_their_name() -> None:
    assert "ort-cpu" in known_devices()
    assert [runner(name).name for name in known_devices()] == known_devices()


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("ort_cpu", "did you mean 'ort-cpu'?"),
        ("ort-cpu:", "did you mean 'ort-cpu'?"),
        ("agents", "did you mean 'agent:NAME'?"),
        (
            "iphone13",
            "known: agent:NAME, android, coreml, coreml:ane, coreml:cpu, coreml:gpu, ort-cpu",
        ),
    ],
)
def test_an_unknown_device(name: str, end: str) -> None:
    with pytest.raises(UserError) as told:
        runner(name)
    assert str(told.value) == f"unknown device '{name}'; {end}"


def test_ort_cpu_runs_the_file(student: Callable[..., Path]) -> None:
    made_up = OrtCpu().load(student())()
    assert isinstance(made_up, np.ndarray)
    assert made_up.shape == (1, 3, 16, 16)


def test_an_agent_is_known_by_its_name() -> None:
    assert runner("agent:iphone13").name == "agent:iphone13"


def test_what_is_at_hand_and_what_the_others_lack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {device.device: device for device in availability()}
    assert list(found) == known_devices()
    assert found["ort-cpu"].there
    assert found["android"][1:] == (
        False,
        "adb is not installed; install Android's platform tools",
    )


def test_which_devices_may_run_packages() -> None:
    names = ["coreml", "coreml:ane", "agent:iphone13", "ort-cpu", "ort-cpu:2", "android"]
    assert [runs_coreml(name) for name in names] == [True, True, True, False, False, False]
