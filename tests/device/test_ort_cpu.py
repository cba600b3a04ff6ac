from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paretint.device import OrtCpu, Settings, collect, runner
from paretint.device.protocol import Infer
from paretint.errors import UserError


def test_one_thread_has_the_bare_name() -> None:
    assert OrtCpu().name == runner("ort-cpu").name == "ort-cpu"
    assert runner("ort-cpu:4").name == "ort-cpu:4"
    assert runner("ort-cpu").check().endswith(", 1 thread")
    assert runner("ort-cpu:4").check().endswith(", 4 threads")


@pytest.mark.parametrize("count", ["0", "-1", "257", "9" * 5000, "04", "2.5", "two", "²", " 2"])
def test_an_absurd_number_of_threads(count: str) -> None:
    with pytest.raises(UserError) as told:
        runner(f"ort-cpu:{count}")
    assert str(told.value) == f"ort-cpu:{count}: give a number of threads from 1 to 256"


def test_threads_do_not_change_the_photo(student: Callable[..., Path]) -> None:
    one, four = (OrtCpu(threads).load(student())() for threads in (1, 4))
    np.testing.assert_allclose(one, four, atol=1e-6)


def test_the_threads_of_one_machine_take_turns() -> None:
    assert OrtCpu(1).turn() == OrtCpu(4).turn()


def test_what_other_processes_take_is_not_the_model_s() -> None:
    """A thread that sleeps is one that others keep from running."""
    clock, rest_s = OrtCpu().clock, 0.02

    def rests() -> Infer:
        return lambda: time.sleep(rest_s)

    once = Settings(sessions=1, blocks=1, block_ms=0.5, block_runs=3, window=2, warm_up_runs=1)
    assert collect(rests, rests, once, clock)["ms"].max() < 1e3 * rest_s
