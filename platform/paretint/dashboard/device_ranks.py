"""Whether two devices put models in the same order, as plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from paretint.dashboard.device_timings import measured
from paretint.dashboard.view import RunView
from paretint.front import Estimate
from paretint.front.measures import ARM

_FEWEST = 4
"""Models of fewer than these leave the interval of a rank correlation without end."""


class RankPoint(NamedTuple):
    """A model with its place on either device, 1 the fastest; equal ones share a mean place."""

    trial: str
    host: float
    device: float
    host_fps: float
    device_fps: float


@dataclass(frozen=True)
class RankPicture:
    """All that the figure of two devices' orders shows, as plain data.

    Attributes:
        host, device: the devices.
        points: the models that were measured on both, the fastest on the host first, at most as
            many as were asked for.
        models: how many models these are in all.
        rho: Spearman's rank correlation of all of them, with its 95 % interval; None where fewer
            than two differ on either device.
    """

    host: str
    device: str
    points: tuple[RankPoint, ...]
    models: int
    rho: Estimate | None


def rank_picture(run: RunView, host: str, device: str, most: int = 500) -> RankPicture:
    """The models of ``run`` that were measured on both devices, those of one structure once."""
    both = _both(run.trials, host, device)
    ranked = both.with_columns(
        pl.col(name).rank("average", descending=True).alias(f"{name}_place")
        for name in ("host", "device")
    ).sort("host_place", "trial")
    shown = ranked.gather_every(max(1, math.ceil(ranked.height / most)))
    rows = shown.select("trial", "host_place", "device_place", "host", "device").iter_rows()
    return RankPicture(
        host, device, tuple(RankPoint(*row) for row in rows), both.height, _correlation(both)
    )


def _both(trials: pl.DataFrame, host: str, device: str) -> pl.DataFrame:
    """The trial, and the fps on either device, of each pair of measurements."""
    rows = measured(measured(trials, host), device)
    names = {"host": f"speed.{host}.fps", "device": f"speed.{device}.fps"}
    values = rows.select("trial", **{k: pl.col(v).cast(pl.Float64) for k, v in names.items()})
    return values.drop_nulls().unique(["host", "device"], keep="first", maintain_order=True)


def _correlation(both: pl.DataFrame) -> Estimate | None:
    """Spearman's coefficient; its interval is that of Bonett and Wright (Psychometrika 65, 2000).

    Where all are in the same order, or in the reverse, no interval can be told.
    """
    if both["host"].n_unique() < 2 or both["device"].n_unique() < 2:
        return None
    rho = float(both.select(pl.corr("host", "device", method="spearman")).item())
    if both.height < _FEWEST or abs(rho) > 1 - 1e-12:
        return Estimate(rho)
    arm = ARM * math.sqrt((1 + rho**2 / 2) / (both.height - 3))
    middle = math.atanh(rho)
    return Estimate(rho, math.tanh(middle - arm), math.tanh(middle + arm))
