"""Gaussian process regression of one number on columns between 0 and 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor
from torch.distributions import Gamma

Numbers = NDArray[np.float64]

_JITTER = 1e-6
_EVALUATIONS = 60


class GaussianProcess:
    """Matérn 5/2 with a length for every column, and noise.

    Lengths, scale and noise are those of the highest posterior (Rasmussen & Williams, 2006,
    §5.4.1); the prior keeps a length from being far beyond the columns' range and the noise from
    vanishing, as few observations would have it.
    """

    def __init__(self) -> None:
        self._parameters: Numbers | None = None

    def fit(self, inputs: Numbers, targets: Numbers, again: bool = True) -> None:
        """Learn from inputs ([n, d]) and targets ([n]).

        again: fit the lengths, scale and noise; else they stay as they were.
        """
        self._mean = float(targets.mean())
        self._scale = float(targets.std()) or 1.0
        x = torch.from_numpy(inputs)
        y = torch.from_numpy((targets - self._mean) / self._scale)
        if again or self._parameters is None:
            self._parameters = _highest_posterior(x, y, self._parameters)
        lengths, signal, noise = _unpacked(torch.from_numpy(self._parameters))
        factor = torch.linalg.cholesky(
            signal * _matern(x, x, lengths) + (noise + _JITTER) * torch.eye(len(x)).to(x)
        )
        self._inputs, self._factor = x, factor
        self._weights = torch.cholesky_solve(y[:, None], factor)

    def predict(self, inputs: Numbers) -> tuple[Numbers, Numbers]:
        """Return the mean and the standard deviation ([n] each) of what would be observed."""
        assert self._parameters is not None
        lengths, signal, noise = _unpacked(torch.from_numpy(self._parameters))
        across = signal * _matern(torch.from_numpy(inputs), self._inputs, lengths)
        mean = (across @ self._weights)[:, 0]
        seen = torch.linalg.solve_triangular(self._factor, across.T, upper=False)
        variance = (signal + noise - (seen**2).sum(0)).clamp(min=_JITTER)
        return self._mean + self._scale * mean.numpy(), self._scale * variance.sqrt().numpy()


def _unpacked(parameters: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return lengths ([d]), signal and noise variance; they are fitted as logarithms."""
    values = parameters.exp()
    return values[:-2], values[-2], values[-1]


def _matern(a: Tensor, b: Tensor, lengths: Tensor) -> Tensor:
    squared = (((a[:, None] - b[None]) / lengths) ** 2).sum(-1)
    far = (5 * squared + 1e-12).sqrt()
    return (1 + far + 5 / 3 * squared) * (-far).exp()


def _highest_posterior(x: Tensor, y: Tensor, start: Numbers | None) -> Numbers:
    if start is None:
        start = np.log([0.5] * x.shape[1] + [1.0, 0.05])

    def loss(parameters: Numbers) -> tuple[float, Any]:
        at = torch.tensor(parameters, requires_grad=True)
        value = -_log_posterior(x, y, at)
        value.backward()
        assert at.grad is not None
        return float(value), at.grad.numpy()

    bounds = [(-3.0, 3.0)] * x.shape[1] + [(-4.0, 4.0), (-9.0, 1.0)]
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxfun": _EVALUATIONS},
    )  # fmt: skip
    best: Numbers = found.x
    return best


def _log_posterior(x: Tensor, y: Tensor, parameters: Tensor) -> Tensor:
    lengths, signal, noise = _unpacked(parameters)
    covariance = signal * _matern(x, x, lengths) + (noise + _JITTER) * torch.eye(len(x)).to(x)
    factor = torch.linalg.cholesky(covariance)
    weights = torch.cholesky_solve(y[:, None], factor)[:, 0]
    likelihood = -0.5 * (y @ weights) - factor.diagonal().log().sum()
    prior = Gamma(2.0, 1.0).log_prob(lengths).sum() + Gamma(1.1, 10.0).log_prob(noise)
    posterior: Tensor = likelihood + prior + Gamma(2.0, 1.0).log_prob(signal)
    return posterior
