"""Against a double of adb and a phone, see `PhoneDouble`: neither is on a test machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from paretint.device import Settings, measure, runner
from paretint.device.android import FOLDER, TOOL, TOOL_VARIABLE, Start, split
from paretint.errors import UserError
from paretint.store import Store

QUICK = Settings(sessions=1, blocks=2, block_ms=4, block_runs=3, window=2, max_sessions=2)


def test_the_samples_of_a_phone(phone: Any, student: Callable[..., Path], store: Store) -> None:
    timing = measure(student(), "android", store, QUICK)
    assert (timing.p50_ms, timing.relative, timing.load_ms) == (1.0, 2.0, 12.5)
    assert timing.provenance == "measured:android"
    (raw,) = store.root.glob("timing/*/samples.parquet")
    samples = pl.read_parquet(raw)
    # Blocks of 4 ms: three runs before the pace is known, then four of 1 ms, three of 2 ms.
    counts = samples.group_by("model", "session", "phase", maintain_order=True).len().rows()
    assert counts == [
        ("candidate", 0, "load", 1),
        ("candidate", 0, "warm-up", 4),
        ("candidate", 0, "run", 3),
        ("control", 0, "load", 1),
        ("control", 0, "warm-up", 4),
        ("control", 0, "run", 3),
        ("candidate", 1, "load", 1),
        ("candidate", 1, "warm-up", 4),
        ("candidate", 1, "run", 4),
        ("control", 1, "load", 1),
        ("control", 1, "warm-up", 4),
        ("control", 1, "run", 3),
    ]
    assert phone.starts() == 4
    assert not (phone.folder / FOLDER.lstrip("/")).exists()


def test_a_structure_is_measured_once_a_phone(
    phone: Any, student: Callable[..., Path], store: Store
) -> None:
    first = measure(student(seed=0), "android", store, QUICK)
    assert measure(student(seed=1), "android", store, QUICK) == first
    assert phone.starts() == 4


def test_a_named_phone_among_several(
    phone: Any, student: Callable[..., Path], store: Store
) -> None:
    phone.plug("emulator-5554 device", "R5CT123 device")
    with pytest.raises(UserError) as told:
        measure(student(), "android", store, QUICK)
    assert str(told.value) == (
        "android: several phones (emulator-5554, R5CT123); name one: android:SERIAL"
    )
    timing = measure(student(), "android:R5CT123", store, QUICK)
    assert timing.provenance == "measured:android:R5CT123"


@pytest.mark.parametrize(
    ("name", "phones", "said"),
    [
        ("android", [], "no phone is connected; plug one in, with USB debugging on"),
        (
            "android",
            ["R5CT123 unauthorized"],
            "the phone R5CT123 lets nobody in; allow USB debugging on its screen",
        ),
        ("android", ["R5CT123 offline"], "the phone R5CT123 is offline; plug it in again"),
        ("android:X1", ["R5CT123 device"], "no such phone; connected: R5CT123"),
    ],
)
def test_no_phone_that_can_serve(phone: Any, name: str, phones: list[str], said: str) -> None:
    phone.plug(*phones)
    with pytest.raises(UserError) as told:
        runner(name).check()
    assert str(told.value) == f"{name}: {said}"


def test_no_adb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"^android: adb is not installed; install Android's"):
        runner("android").check()


def test_no_perf_tool_and_one_elsewhere(
    phone: Any, student: Callable[..., Path], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.tool.rename(phone.tmp / "perf")
    with pytest.raises(UserError) as told:
        runner("android").check()
    assert str(told.value) == (
        f"android: {TOOL} is not on the phone; push onnxruntime_perf_test there, or give its path"
        f" in ${TOOL_VARIABLE}"
    )
    monkeypatch.setenv(TOOL_VARIABLE, "/data/local/tmp/perf")
    assert measure(student(), "android", store, QUICK).p50_ms == 1


def test_a_phone_is_described(phone: Any) -> None:
    assert runner("android").check() == f"Google Pixel 8, Android 15, {phone.SERIAL}"


def test_a_phone_that_vanishes_leaves_what_is_finished(
    phone: Any, student: Callable[..., Path], store: Store
) -> None:
    first = measure(student(4), "android", store, QUICK)
    phone.vanish_after(1)
    with pytest.raises(UserError) as told:
        measure(student(8), "android", store, QUICK)
    assert str(told.value) == (
        "android: the phone R5CT123 vanished while it was measured; plug it in and try again"
    )
    (phone.folder / "left").unlink()
    phone.plug("R5CT123 device")
    assert measure(student(4), "android", store, QUICK) == first
    assert len(list(store.root.glob("timing/*/samples.parquet"))) == 1


def test_a_tool_that_fails_is_quoted(
    phone: Any, student: Callable[..., Path], store: Store
) -> None:
    phone.tool.write_text("#!/bin/sh\necho 'Unsupported model IR version: 12' >&2\nexit 255\n")
    with pytest.raises(UserError) as told:
        measure(student(), "android", store, QUICK)
    assert str(told.value) == ("android: the phone R5CT123 said: Unsupported model IR version: 12")


def test_a_tool_that_tells_no_times(phone: Any, student: Callable[..., Path], store: Store) -> None:
    phone.tool.write_text('#!/bin/sh\ntouch "${11}"\n')
    with pytest.raises(UserError, match=r"^android: onnxruntime_perf_test printed no times$"):
        measure(student(), "android", store, QUICK)


def test_inferences_are_parted_where_their_pace_has_settled() -> None:
    steady = split(9.0, [5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], QUICK)
    assert steady == Start(9.0, [5.0, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0])


def test_inferences_that_never_settle_are_runs_at_last() -> None:
    slower = [float(2**run) for run in range(8)]
    assert split(9.0, slower, QUICK) == Start(9.0, slower[:5], slower[5:])


def test_fewer_inferences_than_a_warm_up_takes() -> None:
    assert split(9.0, [1.0, 2.0], QUICK) == Start(9.0, [], [1.0, 2.0])
