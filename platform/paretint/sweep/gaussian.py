"""Gaussian process regression of one number on columns between 0 and 1."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.distributions import Gamma

from paretint.front.arrays import Floats

_JITTER = 1e-6
_EVALUATIONS = 40
_FITTED = 150
"""Observations that lengths and variances are fitted to; a few more would not move them."""


class Inputs(NamedTuple):
    """Where a number is observed.

    columns: [n, d]; the last says how late in a series. series: [n], observations of one series
    have in common what others of the same columns have not; -1 belongs to none.
    """

    columns: Floats
    series: NDArray[np.int64]


class _Parameters(NamedTuple):
    """A length for every column; variances of what columns explain, of series, and of noise."""

    lengths: Tensor
    signal: Tensor
    own: Tensor
    noise: Tensor


class GaussianProcess:
    """Matérn 5/2 with a length for every column, one over the last column for series, and noise.

    Lengths and variances are those of the highest posterior (Rasmussen & Williams, 2006, §5.4.1).
    The prior keeps lengths from being far beyond the columns' range and the noise from vanishing,
    as few observations would have it.
    """

    def __init__(self) -> None:
        self._fitted: Floats | None = None

    def fit(self, inputs: Inputs, targets: Floats, again: bool = True) -> None:
        """Learn from n inputs and targets ([n]).

        again: fit lengths and variances, to the last observations; else they stay as they were.
        """
        self._mean = float(targets.mean())
        self._scale = float(targets.std()) or 1.0
        x, y = inputs, torch.from_numpy((targets - self._mean) / self._scale)
        if again or self._fitted is None:
            last = Inputs(x.columns[-_FITTED:], x.series[-_FITTED:])
            self._fitted = _highest_posterior(last, y[-_FITTED:], self._fitted)
        self._parameters = _unpacked(torch.from_numpy(self._fitted))
        self._inputs, self._factor = x, torch.linalg.cholesky(_observed(x, self._parameters))
        self._weights = torch.cholesky_solve(y[:, None], self._factor)

    def predict(self, inputs: Inputs) -> tuple[Floats, Floats]:
        """Return the mean and the standard deviation ([n] each) of what would be observed."""
        across = _covariance(inputs, self._inputs, self._parameters)
        mean = (across @ self._weights)[:, 0]
        seen = torch.linalg.solve_triangular(self._factor, across.T, upper=False)
        prior = self._parameters.signal + self._parameters.own + self._parameters.noise
        variance = (prior - (seen**2).sum(0)).clamp(min=_JITTER)
        return self._mean + self._scale * mean.numpy(), self._scale * variance.sqrt().numpy()


def _unpacked(logarithms: Tensor) -> _Parameters:
    values = logarithms.exp()
    return _Parameters(values[:-3], *values[-3:])


def _covariance(a: Inputs, b: Inputs, parameters: _Parameters) -> Tensor:
    x, z = torch.from_numpy(a.columns), torch.from_numpy(b.columns)
    covariance = parameters.signal * _matern(x, z, parameters.lengths)
    together = torch.from_numpy((a.series[:, None] == b.series) & (a.series[:, None] >= 0))
    late = _matern(x[:, -1:], z[:, -1:], parameters.lengths[-1:])
    return covariance + parameters.own * together * late


def _observed(inputs: Inputs, parameters: _Parameters) -> Tensor:
    noise = (parameters.noise + _JITTER) * torch.eye(len(inputs.series), dtype=torch.float64)
    return _covariance(inputs, inputs, parameters) + noise


def _matern(a: Tensor, b: Tensor, lengths: Tensor) -> Tensor:
    squared = (((a[:, None] - b[None]) / lengths) ** 2).sum(-1)
    far = (5 * squared + 1e-12).sqrt()
    return (1 + far + 5 / 3 * squared) * (-far).exp()


def _highest_posterior(x: Inputs, y: Tensor, start: Floats | None) -> Floats:
    from scipy.optimize import minimize  # see `Foresight`

    dimensions = x.columns.shape[1]
    if start is None:
        start = np.log([0.5] * dimensions + [1.0, 0.05, 0.02])

    def loss(parameters: Floats) -> tuple[float, Any]:
        at = torch.tensor(parameters, requires_grad=True)
        value = -_log_posterior(x, y, _unpacked(at))
        value.backward()
        assert at.grad is not None
        return value.item(), at.grad.numpy()

    bounds = [(-3.0, 3.0)] * dimensions + [(-4.0, 4.0), (-9.0, 1.0), (-9.0, 1.0)]
    most = {"maxfun": _EVALUATIONS}
    # Beside busy workers, threads for matrices so small would wait for each other.
    with threadpool_limits(1):
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=most)
    best: Floats = found.x
    return best


def _log_posterior(x: Inputs, y: Tensor, parameters: _Parameters) -> Tensor:
    factor = torch.linalg.cholesky(_observed(x, parameters))
    weights = torch.cholesky_solve(y[:, None], factor)[:, 0]
    likelihood = -0.5 * (y @ weights) - factor.diagonal().log().sum()
    variances = torch.stack([parameters.own, parameters.noise])
    prior = Gamma(2.0, 1.0).log_prob(parameters.lengths).sum()
    prior = prior + Gamma(1.1, 10.0).log_prob(variances).sum()
    posterior: Tensor = likelihood + prior + Gamma(2.0, 1.0).log_prob(parameters.signal)
    return posterior
