from __future__ import annotations

import pytest

from paretint.dashboard import State, front_controls, front_view, read_view
from paretint.store import Ledger, Run


def test_objectives_are_the_axes_until_the_address_names_others(run: Run) -> None:
    controls = front_controls(read_view(run))
    view = front_view(controls, State())
    assert (view.x, view.y, view.trial, view.rules) == ("speed.fps", "quality.psnr", None, [])
    view = front_view(controls, State("?x=size.params&y=param.width&trial=t0003&speed.fps=300"))
    assert (view.x, view.y, view.trial) == ("size.params", "param.width", "t0003")
    assert [str(rule) for rule in view.rules] == ["speed.fps >= 300"]


def test_axes_are_columns_of_numbers_that_differ(run: Run) -> None:
    more = {"quality.coreml.psnr": 30.0, "speed.phone.fps": 60.0, "amplifier_key": "k"}
    for number, name in enumerate(("t0000", "t0001")):
        Ledger(run).add_to_trial(name, {**more, "quality.coreml.psnr": 30.0 + number})
    Ledger(run).add_to_trial("t0001", {"speed.phone.fps": 61.0})
    assert front_controls(read_view(run)).x.options == {
        "speed.fps": "Speed, fps",
        "quality.psnr": "PSNR, dB",
        "quality.psnr_gain": "Gain, dB",
        "quality.coreml.psnr": "Core ML PSNR, dB",
        "speed.phone.fps": "Speed on phone, fps",
        "size.params": "Parameters",
        "size.onnx_bytes": "ONNX, bytes",
        "param.pairs": "Pairs",
        "param.amplified": "Amplified",
        "param.width": "Width",
    }


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?trial=t0013", "trial=t0013 (no complete trial)"),
        ("?trial=../t0001", "trial=../t0001 (no complete trial)"),
        ("?x=seed", "x=seed (no such choice)"),
    ],
)
def test_what_is_not_there_is_said(run: Run, query: str, told: str) -> None:
    state = State(query)
    view = front_view(front_controls(read_view(run)), state)
    assert (view.x, view.trial) == ("speed.fps", None)
    assert state.complaint() == f"Left out of this address: {told}."
