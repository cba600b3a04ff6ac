from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from paretint import UserError
from paretint.config import is_column
from paretint.device import LatencyModel, Prediction, fit, work
from paretint.device.latency import Work

Write = Callable[..., Path]


def cost(done: Work) -> float:
    """The ms of a machine on which all is linear: what a fit is to find out."""
    ms = {"macs": 1e-5, "lane_macs": 0.0, "bytes": 2e-6, "count": 0.01}
    return sum(ms[name.rpartition(" ")[2]] * much for name, much in done.items())


@pytest.fixture(scope="module")
def models(layers: Write) -> list[Work]:
    """What twelve models of convolutions and their rectifiers do."""
    return [work(layers(channels, count)) for channels in (1, 3, 8, 20) for count in (1, 2, 5)]


def test_finds_what_a_linear_machine_takes(models: Sequence[Work], layers: Write) -> None:
    model = fit("phone", models, [cost(one) for one in models])
    assert model.error < 0.05
    other = work(layers(12, 3))
    found = model.predict(other)
    assert found.p50_ms == pytest.approx(cost(other), rel=0.05)
    assert found.fps == 1000 / found.p50_ms
    assert found.p50_ms_lo < cost(other) < found.p50_ms_hi
    assert found.fps_lo < found.fps < found.fps_hi
    assert (found.device, found.provenance) == ("phone", "predicted:phone-from-12")


def test_a_machine_of_half_the_pace_takes_twice_as_long(models: Sequence[Work]) -> None:
    once, twice = (fit("phone", models, [pace * cost(one) for one in models]) for pace in (1, 2))
    assert twice.held_out == pytest.approx(once.held_out)
    ms = [model.predict(models[4]).p50_ms for model in (once, twice)]
    assert ms[1] == pytest.approx(2 * ms[0])


def test_an_unsteady_machine_makes_wide_intervals(models: Sequence[Work]) -> None:
    noise = [1.5 if index % 2 else 1 / 1.5 for index in range(len(models))]
    steady = fit("phone", models, [cost(one) for one in models]).predict(models[0])
    unsteady = fit(
        "phone", models, [much * cost(one) for much, one in zip(noise, models, strict=True)]
    ).predict(models[0])
    assert steady.p50_ms_hi / steady.p50_ms < 1.2 < 1.5 < unsteady.p50_ms_hi / unsteady.p50_ms


def test_what_a_file_does(layers: Write) -> None:
    assert work(layers(4, 2)) == {
        "dense macs": 27 * 4 * 256 + 36 * 4 * 256,
        "dense lane_macs": 27 * 8 * 256 + 36 * 8 * 256,
        "Relu bytes": 2 * 2 * 4 * 4 * 256,
        "all count": 4,
    }


def test_error_and_interval_of_small_numbers() -> None:
    doubtful = LatencyModel("phone", {"all count": 0.5}, (math.log(2), math.log(0.5), math.log(2)))
    assert doubtful.error == pytest.approx(0.5)  # predicted a half, twice and a half of measured
    found = doubtful.predict({"all count": 2.0})
    assert found.p50_ms == 1
    # t of 2 degrees at 97.5 % is 4.3027; the spread is log 2, and a third more of its square.
    assert found.p50_ms_hi == pytest.approx(math.exp(4.3027 * math.log(2) * (4 / 3) ** 0.5), 1e-4)
    assert found.p50_ms_lo == pytest.approx(1 / found.p50_ms_hi)


def test_operators_that_nobody_measured_are_named(models: Sequence[Work], layers: Write) -> None:
    model = fit("phone", models, [cost(one) for one in models])
    assert model.predict(models[0]).unseen == ()
    assert model.predict(work(layers(4, 1, "Tanh"))).unseen == ("Tanh",)


def test_too_few(models: Sequence[Work]) -> None:
    with pytest.raises(UserError) as told:
        fit("phone", models[:7], [1.0] * 7)
    assert str(told.value) == (
        "phone: 7 measured models are too few to predict others; measure at least 8"
    )


def test_columns_of_the_ledger() -> None:
    found = Prediction("phone", 500.0, 250.0, 1000.0, 2.0, 1.0, 4.0, "predicted:phone-from-9")
    columns = found.columns(primary=False)
    assert columns == {
        "speed.phone.fps": 500.0,
        "speed.phone.fps_lo": 250.0,
        "speed.phone.fps_hi": 1000.0,
        "speed.phone.p50_ms": 2.0,
        "speed.phone.p50_ms_lo": 1.0,
        "speed.phone.p50_ms_hi": 4.0,
        "speed.phone.provenance": "predicted:phone-from-9",
    }
    assert all(map(is_column, found.columns(primary=True)))
    assert found.columns(primary=True)["speed.provenance"] == "predicted:phone-from-9"
