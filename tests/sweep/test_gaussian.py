from __future__ import annotations

import numpy as np

from paretint.front.arrays import Floats
from paretint.sweep.gaussian import GaussianProcess, Inputs


def inputs(columns: Floats, series: list[int] | None = None) -> Inputs:
    numbers = np.full(len(columns), -1) if series is None else np.array(series)
    return Inputs(columns, numbers.astype(np.int64))


def test_it_finds_a_smooth_function_and_says_where_it_does_not_know() -> None:
    x = np.linspace(0, 0.6, 13)[:, None]
    process = GaussianProcess()
    process.fit(inputs(x), np.sin(5 * x[:, 0]))
    mean, deviation = process.predict(inputs(np.array([[0.33], [1.0]])))
    assert abs(mean[0] - np.sin(5 * 0.33)) < 0.05
    assert deviation[1] > 3 * deviation[0]


def test_a_column_that_does_not_matter_changes_little() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((40, 2))
    process = GaussianProcess()
    process.fit(inputs(x), 3 * x[:, 0] + 0.01 * rng.standard_normal(40))
    mean, _ = process.predict(inputs(np.array([[0.5, 0.1], [0.5, 0.9], [0.9, 0.5]])))
    assert abs(mean[0] - mean[1]) < 0.1
    assert mean[2] - mean[0] > 0.9


def test_a_series_keeps_what_it_is_ahead_by() -> None:
    rng = np.random.default_rng(1)
    own = rng.normal(0, 0.5, 12)
    late = np.array([0.0, 0.5, 1.0])
    x = np.array([[0.5, share] for _ in own for share in late])
    y = np.array([share + ahead for ahead in own for share in late])
    seen = np.array([[0.5, 0.0], [0.5, 0.5]])
    process = GaussianProcess()
    process.fit(
        inputs(np.vstack([x, seen]), [i for i in range(12) for _ in late] + [12, 12]),
        np.concatenate([y, [1.0, 1.5]]),
    )
    end = np.array([[0.5, 1.0]])
    (known,), (sure,) = process.predict(inputs(end, [12]))
    (fresh,), (unsure,) = process.predict(inputs(end))
    assert abs(known - 2.0) < 0.15
    assert abs(fresh - 1.0 - own.mean()) < 0.4
    assert sure < unsure / 2


def test_it_may_keep_what_it_was_fitted_to() -> None:
    x = np.linspace(0, 1, 10)[:, None]
    process = GaussianProcess()
    process.fit(inputs(x), x[:, 0])
    process.fit(inputs(x), -x[:, 0], again=False)
    assert process.predict(inputs(np.array([[0.5]])))[0][0] < -0.4
