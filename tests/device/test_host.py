from __future__ import annotations

import platform

import onnxruntime
import pytest

from paretint.device.host import cpu_model, fingerprint


def test_fingerprint_names_what_a_speed_depends_on() -> None:
    assert fingerprint() == {
        "system": platform.system(),
        "machine": platform.machine(),
        "cpu": cpu_model(),
        "onnxruntime": onnxruntime.__version__,
    }


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors may have no name")
def test_cpu_model_is_more_than_the_architecture() -> None:
    assert cpu_model() not in ("", "x86_64")
