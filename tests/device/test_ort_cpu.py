from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paretint.device import OrtCpu, runner
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
