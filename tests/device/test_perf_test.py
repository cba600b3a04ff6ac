from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.device.perf_test import command, parse

OUTPUT = """\
Session creation time cost: 0.0149463 s
First inference time cost: 58 ms
Total inference time cost: 0.170533 s
Total inference requests: 3
Average inference time cost: 56.8443 ms
Total inference run time: 0.17056 s
Number of inferences per second: 17.5891
Avg CPU usage: 12 %
Peak working set size: 31981568 bytes
paretint,0.0559777,31981568,12,0
paretint,0.06,31981568,12,1
paretint,8.2e-05,31981568,12,2
"""


def test_the_tool_tells_seconds() -> None:
    load_ms, runs_ms = parse(OUTPUT)
    assert load_ms == pytest.approx(14.9463)
    assert runs_ms == pytest.approx([55.9777, 60.0, 0.082])


@pytest.mark.parametrize("said", ["", "Run failed:bad model\n", OUTPUT[:200], "\n".join("ab")])
def test_an_output_without_times(said: str) -> None:
    with pytest.raises(ValueError, match="onnxruntime_perf_test printed no times"):
        parse(said)


@given(
    load=st.floats(1e-6, 1e3),
    runs=st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=5),
    name=st.text(st.characters(codec="utf-8", exclude_characters="\r\n,", categories=["L", "N"])),
)
def test_every_time_that_is_printed_is_read(load: float, runs: list[float], name: str) -> None:
    lines = [f"Session creation time cost: {load:.6g} s"]
    lines += [f"{name},{seconds:.6g},1,0,{run}" for run, seconds in enumerate(runs)]
    timed = parse("\n".join(lines) + "\n")
    assert timed.load_ms == pytest.approx(load * 1e3, rel=1e-5)
    assert timed.runs_ms == pytest.approx([seconds * 1e3 for seconds in runs], rel=1e-5)


def test_the_call_counts_inferences_on_one_thread() -> None:
    assert command("/data/tool", "m.onnx", "r.csv", 30) == (
        "rm -f r.csv && LD_LIBRARY_PATH=/data /data/tool -I -m times -r 30 -x 1 -y 1 m.onnx r.csv"
        " && cat r.csv"
    )
