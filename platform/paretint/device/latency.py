"""A latency for a model that nobody timed: the sum of what its operators cost on a device."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paretint.errors import UserError
from paretint.export import operators

Floats = NDArray[np.float64]

Work = Mapping[str, float]
"""What a model has to do, by feature; see `work`."""

FEWEST = 8
"""Fewer measured models say nothing of the next one."""

CONFIDENCE = 0.95
_RIDGE = 0.1
_LEAST_MS = 1e-3


@dataclass(frozen=True)
class Prediction:
    """The predicted speed of one model on one device, with its 95 % interval.

    unseen: kinds of its operators that no measured model has, and that count for nothing here.
    """

    device: str
    fps: float
    fps_lo: float
    fps_hi: float
    p50_ms: float
    p50_ms_lo: float
    p50_ms_hi: float
    provenance: str
    unseen: tuple[str, ...] = ()

    def columns(self, primary: bool) -> dict[str, float | str]:
        """The ledger's `speed.<device>.*`; with `primary`, `speed.*` of the first device too."""
        figures = {k: v for k, v in asdict(self).items() if k not in ("device", "unseen")}
        prefixes = [f"speed.{self.device}.", *(["speed."] if primary else [])]
        return {prefix + name: value for prefix in prefixes for name, value in figures.items()}


@dataclass(frozen=True)
class LatencyModel:
    """Milliseconds for each unit of work of each kind of operator on a device.

    ms: by feature (see `work`), at least 0. held_out: of each model it was fitted to, the logarithm
    of measured over predicted by a fit to the others.
    """

    device: str
    ms: dict[str, float]
    held_out: tuple[float, ...]

    @property
    def provenance(self) -> str:
        """What stands beside every number that comes from here."""
        return f"predicted:{self.device}-from-{len(self.held_out)}"

    @property
    def error(self) -> float:
        """The median, over held-out models, of |predicted - measured| / measured."""
        return float(np.median(np.abs(np.expm1(-np.array(self.held_out)))))

    def predict(self, done: Work) -> Prediction:
        """The speed of a model; the interval is a t interval of the held-out logarithms."""
        from scipy.stats import t as student_t  # most of a second, which only predictions need

        unseen = tuple(sorted({name.rpartition(" ")[0] for name in done.keys() - self.ms.keys()}))
        p50 = max(_LEAST_MS, sum(self.ms.get(name, 0.0) * much for name, much in done.items()))
        count = len(self.held_out)
        spread = math.sqrt(float(np.mean(np.square(self.held_out))) * (1 + 1 / count))
        factor = math.exp(float(student_t.ppf((1 + CONFIDENCE) / 2, count - 1)) * spread)
        lo, hi = p50 / factor, p50 * factor
        return Prediction(
            self.device,
            fps=1000 / p50,
            fps_lo=1000 / hi,
            fps_hi=1000 / lo,
            p50_ms=p50,
            p50_ms_lo=lo,
            p50_ms_hi=hi,
            provenance=self.provenance,
            unseen=unseen,
        )


def fit(device: str, done: Sequence[Work], p50_ms: Sequence[float]) -> LatencyModel:
    """Fit the model to what models do and the median of each one's latency on a device.

    Non-negative least squares of the relative errors, with a light ridge: of two features that
    always come together, each gets a part. Raises `UserError` for fewer than `FEWEST` models.
    """
    if len(done) < FEWEST:
        raise UserError(
            f"{device}: {len(done)} measured models are too few to predict others;"
            f" measure at least {FEWEST}"
        )
    names = sorted({name for each in done for name in each})
    amounts = np.array([[each.get(name, 0.0) for name in names] for each in done])
    measured = np.asarray(p50_ms, dtype=np.float64)
    ms = dict(zip(names, _solve(amounts, measured).tolist(), strict=True))
    return LatencyModel(device, ms, tuple(_held_out(amounts, measured)))


def _held_out(amounts: Floats, measured: Floats) -> Iterator[float]:
    for index, one in enumerate(measured):
        others = np.arange(len(measured)) != index
        predicted = float(amounts[index] @ _solve(amounts[others], measured[others]))
        yield math.log(one / max(_LEAST_MS, predicted))


def work(path: Path) -> Work:
    """What an ONNX file has to do, by feature.

    Of a convolution `<kind> macs`, twice: as they are, and with channels in lanes; of every other
    operator `<kind> bytes`; and `all count`, how many operators there are.
    """
    done: Counter[str] = Counter()
    for one in operators(path):
        if one.macs:
            done[f"{one.kind} macs"] += one.macs
            done[f"{one.kind} lane_macs"] += one.lane_macs
        else:
            done[f"{one.kind} bytes"] += one.bytes
        done["all count"] += 1
    return {name: float(much) for name, much in done.items()}


def _solve(amounts: Floats, measured: Floats) -> Floats:
    """Return the ms of each unit; 0 of what no model has."""
    from scipy.optimize import nnls  # see `LatencyModel.predict`

    relative = amounts / measured[:, None]
    length = np.linalg.norm(relative, axis=0)
    scale = np.where(length > 0, length, np.inf)
    ridge = _RIDGE * np.eye(amounts.shape[1])
    target = np.concatenate([np.ones(len(relative)), np.zeros(amounts.shape[1])])
    solved, _ = nnls(np.vstack([relative / scale, ridge]), target)
    return np.asarray(solved / scale, dtype=np.float64)
