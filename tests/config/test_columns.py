from __future__ import annotations

import pytest

from paretint import UserError
from paretint.config import RECIPE, column, column_names, is_column
from paretint.config.columns import device_of


@pytest.mark.parametrize(
    ("name", "kind", "goal"),
    [
        ("quality.psnr", "number", "maximize"),
        ("quality.lpips_hi", "number", "minimize"),
        ("quality.coreml.psnr_lo", "number", "maximize"),
        ("size.onnx_bytes", "integer", "minimize"),
        ("speed.fps", "number", "maximize"),
        ("speed.ort-cpu.p99_ms", "number", "minimize"),
        ("speed.agent:iphone13.provenance", "text", None),
        ("param.width", "integer", None),
        ("param.learning_rate", "number", None),
        ("state", "text", None),
    ],
)
def test_what_a_column_holds(name: str, kind: str, goal: str | None) -> None:
    assert is_column(name)
    assert tuple(column(name)) == (kind, goal)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("quality.pnsr", "did you mean 'quality.psnr'"),
        ("speed.ort-cpu.fsp", "is no column"),
        ("speed.a.b.fps", "is no column"),
        ("speed..fps", "did you mean 'speed.fps'"),
        ("param.colour", "is no column"),
        ("quality.psnr ", "did you mean 'quality.psnr'"),
    ],
)
def test_what_is_no_column(name: str, hint: str) -> None:
    assert not is_column(name)
    with pytest.raises(UserError) as raised:
        column(name)
    assert str(raised.value).startswith(f"{name!r} is no column")
    assert hint in str(raised.value)


def test_every_name_listed_is_a_column_once() -> None:
    names = column_names(("ort-cpu", "iphone13"))
    assert len(set(names)) == len(names)
    assert all(map(is_column, names))
    assert {f"param.{name}" for name in RECIPE} < set(names)
    assert {"speed.fps", "speed.iphone13.load_ms"} < set(names)


def test_the_device_of_a_speed() -> None:
    assert device_of("speed.ort-cpu.fps") == "ort-cpu"
    assert device_of("speed.fps") is None
    assert device_of("quality.psnr") is None
