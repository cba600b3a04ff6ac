from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paretint.device import OrtCpu, known_devices, runner
from paretint.errors import UserError


def test_known_devices_have_runners_of_their_name() -> None:
    assert "ort-cpu" in known_devices()
    assert [runner(name).name for name in known_devices()] == known_devices()


@pytest.mark.parametrize(
    ("name", "end"), [("ort_cpu", "did you mean 'ort-cpu'?"), ("iphone13", "known: ort-cpu")]
)
def test_an_unknown_device(name: str, end: str) -> None:
    with pytest.raises(UserError) as told:
        runner(name)
    assert str(told.value) == f"unknown device '{name}'; {end}"


def test_ort_cpu_runs_the_file(student: Callable[..., Path]) -> None:
    made_up = OrtCpu().load(student())()
    assert isinstance(made_up, np.ndarray)
    assert made_up.shape == (1, 3, 16, 16)
